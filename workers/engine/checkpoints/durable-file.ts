import { open, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Name prefix of files that are still being written. */
export const UNFINISHED = '.unfinished-'

/**
 * Writes a file atomically and durably, even if the machine loses power: writes to a temporary file, fsyncs
 * and renames it, then fsyncs the folder.
 */
export async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `${UNFINISHED}${basename(path)}`)
  await writeAndSync(temporary, content)
  await rename(temporary, path)
  await syncFolder(folder)
}

async function writeAndSync(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
