import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import type { OwnTeam } from './own-team.ts'

/** Downloads a model or an ensemble into `folder`, verifies its hash, and gives the file’s path. */
export async function downloadFile(api: OwnTeam['api'], id: string, folder: string): Promise<string> {
  type Download = { url: string; artifact: { fileName: string; sha256: string } }
  const { createDownload } = await api.ask<{ createDownload: { download: Download } }>(
    `mutation ($input: CreateDownloadInput!) { createDownload(input: $input) {
      download { url artifact { fileName sha256 } } errors { message } } }`,
    { input: { id } },
  )
  const { url, artifact } = createDownload.download
  const response = await fetch(new URL(url, api.origin))
  if (!response.ok || !response.body)
    throw new Error(`Downloading ${artifact.fileName} was answered with ${response.status}.`)
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, path.basename(artifact.fileName))
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(`${file}.part`))
  await verifyHash(`${file}.part`, artifact.sha256)
  await rename(`${file}.part`, file)
  return file
}

async function verifyHash(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const actual = hash.digest('hex')
  if (actual !== expected)
    throw new Error(`${file} has the hash ${actual}, not ${expected}: download it again.`)
}

/** Unpacks what `wanted` wants of a zip that we made ourselves. */
export async function unpack(
  zipFile: string,
  folder: string,
  wanted = (_name: string) => true,
): Promise<void> {
  const zip = await yauzl.openPromise(zipFile, { lazyEntries: true })
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) continue
    const target = path.join(folder, entry.fileName)
    await mkdir(path.dirname(target), { recursive: true })
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target))
  }
}
