import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { ApiClient } from '../api/client.ts'
import { type ArtifactFormat, CreateDownloadDocument } from '../api/generated/operations.ts'
import { CommandError } from '../outcome.ts'
import { hashFile } from './hash-file.ts'

export interface DownloadOptions {
  format?: ArtifactFormat
  onProgress?: (receivedBytes: number, totalBytes: number) => void
  signal?: AbortSignal
}

const MOST_ATTEMPTS = 6
const WAIT_MS = 500

/**
 * Downloads a model or an ensemble into `folder`, or the rest of what an earlier call left there, and verifies its hash.
 * @returns the file’s path
 */
export async function downloadFile(
  api: ApiClient,
  id: string,
  folder: string,
  { format = 'TFJS', onProgress, signal }: DownloadOptions = {},
): Promise<string> {
  const download = await signLink(api, id, format)
  const { fileName, sha256, byteLength } = download.artifact
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, path.basename(fileName))
  const isThere = (await sizeOf(file)) === byteLength && (await hashFile(file)) === sha256
  if (isThere) return file
  // Named by its hash too: what is left of another file of that name is not continued.
  const part = `${file}.${sha256.slice(0, 12)}.part`
  let url = download.url
  for (let attempt = 1; (await sizeOf(part)) < byteLength; attempt++) {
    if (attempt > 1) url = (await signLink(api, id, format)).url
    const error = await receive(api.at(url), part, sha256, onBytes(onProgress, byteLength), signal)
    if (!error) continue
    signal?.throwIfAborted()
    if (attempt === MOST_ATTEMPTS) throw brokenOff(fileName, error)
    await wait(WAIT_MS * attempt, undefined, { signal })
  }
  await verifyHash(part, file, sha256)
  await rename(part, file)
  return file
}

async function signLink(api: ApiClient, id: string, format: ArtifactFormat) {
  const { createDownload } = await api.ask(CreateDownloadDocument, { input: { id, format } })
  if (!createDownload.download) throw new Error('the API answered neither with a download nor with an error')
  return createDownload.download
}

const onBytes = (onProgress: DownloadOptions['onProgress'], byteLength: number) => (received: number) =>
  onProgress?.(received, byteLength)

/** Appends what is missing. @returns what broke it off, null where all came */
async function receive(
  url: URL,
  part: string,
  sha256: string,
  onReceived: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<Error | null> {
  const have = await sizeOf(part)
  const headers = { range: `bytes=${have}-`, 'if-range': `"${sha256}"` }
  try {
    const response = await fetch(url, { headers: have > 0 ? headers : {}, signal: signal ?? null })
    if (!response.ok || !response.body) return new Error(`it was answered with ${response.status}`)
    const isRest = response.status === 206
    let received = isRest ? have : 0
    const body = Readable.fromWeb(response.body as never)
    body.on('data', (chunk: Buffer) => {
      received += chunk.length
      onReceived(received)
    })
    await pipeline(body, createWriteStream(part, { flags: isRest ? 'a' : 'w' }))
    return null
  } catch (error) {
    return error as Error
  }
}

async function verifyHash(part: string, file: string, expected: string): Promise<void> {
  const actual = await hashFile(part)
  if (actual === expected) return
  await rm(part)
  throw new CommandError(
    'failed',
    `${file} came with the hash ${actual}, not ${expected}; it was deleted. Download it again.`,
  )
}

function brokenOff(fileName: string, error: Error): CommandError {
  const message = `Downloading ${fileName} broke off ${MOST_ATTEMPTS} times: ${error.message}. The same command goes on with it.`
  return new CommandError('failed', message, { cause: error })
}

/** 0 where there is none. */
async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}
