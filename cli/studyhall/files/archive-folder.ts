import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
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
    const output = zip.outputStream as Readable
    // A file that cannot be read is told by the zip, and not by its stream.
    zip.on('error', ({ message }: Error) =>
      output.destroy(usageError(`${folder} cannot be archived: ${message}.`)),
    )
    const written = pipeline(output, createWriteStream(file))
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

/** The names of a folder's files by the rules of an import: a link counts as what it leads to, if that is inside. */
async function listFiles(folder: string): Promise<string[]> {
  const top = await realpath(folder)
  return (await gather(top, top, '', [top])).sort()
}

/** @param above  the real folders that this one lies in, so that a link to one of them leads no second time around */
async function gather(
  top: string,
  folder: string,
  prefix: string,
  above: readonly string[],
): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const name = `${prefix}${entry.name}`
    const location = path.join(folder, entry.name)
    const target = entry.isSymbolicLink() ? await follow(top, location, name) : location
    const kind = entry.isSymbolicLink() ? await stat(target) : entry
    if (kind.isFile()) names.push(name)
    else if (kind.isDirectory() && !above.includes(target))
      names.push(...(await gather(top, target, `${name}/`, [...above, target])))
  }
  return names
}

async function follow(top: string, location: string, name: string): Promise<string> {
  const target = await realpath(location).catch(() => {
    throw usageError(`${name} is a symbolic link to nothing. Remove it, or put the file in its place.`)
  })
  if (target.startsWith(top + path.sep) || target === top) return target
  throw usageError(
    `${name} is a symbolic link to outside of the folder. Put the file itself in its place, or remove the link.`,
  )
}
