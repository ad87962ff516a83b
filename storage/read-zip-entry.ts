import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'

/**
 * The bytes of one file of a zip that we wrote ourselves, or null where the zip has no such file.
 * @throws Error where the zip cannot be read, or the file is larger than `maxBytes`
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
