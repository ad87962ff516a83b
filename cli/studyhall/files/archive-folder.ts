import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import yazl from 'yazl'
import { usageError } from '../outcome.ts'

/** The same folder makes the same bytes, so that an upload of it goes on where it was cut off. */
const MODIFIED = new Date('1980-01-01T12:00:00Z')

/**
 * A zip of the files in a folder, uncompressed, since images are compressed already. Hidden files stay out.
 * @returns the zip, and what deletes it
 */
export async function archiveFolder(folder: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const names = await listFiles(folder)
  if (names.length === 0) throw usageError(`${folder} has no files.`)
  const temporary = await mkdtemp(path.join(tmpdir(), 'studyhall-upload-'))
  const remove = () => rm(temporary, { recursive: true, force: true })
  const file = path.join(temporary, `${path.basename(path.resolve(folder))}.zip`)
  try {
    const zip = new yazl.ZipFile()
    const written = pipeline(zip.outputStream, createWriteStream(file))
    for (const name of names)
      zip.addFile(path.join(folder, name), name, { mtime: MODIFIED, mode: 0o100644, compress: false })
    zip.end()
    await written
    return { file, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .sort()
}
