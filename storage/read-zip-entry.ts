import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'

/**
 * Reads one file of a zip that we wrote ourselves; null if the zip has no such file.
 * @throws if the zip cannot be read, or the file is larger than `maxBytes`
 */
export async function readZipEntry(location: string, name: string, maxBytes: number): Promise<Buffer | null> {
  const zip = await yauzl.openPromise(location, { autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name) continue
      if (entry.uncompressedSize > maxBytes) throw new Error(`${name} has ${entry.uncompressedSize} bytes`)
      return await buffer(await zip.openReadStreamPromise(entry))
    }
    return null
  } finally {
    zip.close()
  }
}
