import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { ExportedFile } from './formats/format.ts'

/**
 * Writes files into a zip that is the same to the byte for the same files: no clock, no time zone, and stored as they
 * are, since another zlib could press them differently (and weights hardly get smaller).
 */
export async function zipFiles(files: ExportedFile[], path: string): Promise<void> {
  const zip = new ZipFile()
  const options = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644, compress: false }
  for (const { name, content } of files) zip.addBuffer(content, name, options)
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}
