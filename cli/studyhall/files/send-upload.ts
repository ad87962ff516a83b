import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Upload } from 'tus-js-client'
import type { ApiClient } from '../api/client.ts'
import {
  CreateUploadDocument,
  type CreateUploadInput,
  FinalizeUploadDocument,
  UploadByIdDocument,
  type UploadPartsFragment,
  type UploadPurpose,
} from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { CommandError } from '../outcome.ts'
import { hashFile } from './hash-file.ts'
import type { UploadMemory } from './upload-memory.ts'

export interface SendOptions {
  /** What its bytes are to become; images unless said otherwise. */
  purpose?: UploadPurpose
  /** Of the bytes at the API; called often. */
  onProgress: (sentBytes: number, totalBytes: number) => void
  /** Without it, every call sends the whole file. */
  memory?: UploadMemory
  signal?: AbortSignal
}

const CHUNK_BYTES = 8 * 1024 * 1024
const RETRIES_MS = [500, 1_000, 3_000, 5_000, 10_000, 20_000]

/** Sends a file, or the rest of one, and finalizes it. @returns the upload, whole and hashed by both sides */
export async function sendUpload(
  { api, team }: TeamClient,
  file: string,
  { purpose = 'DATASET', onProgress, memory, signal }: SendOptions,
): Promise<UploadPartsFragment> {
  const sha256 = await hashFile(file)
  const byteLength = (await stat(file)).size
  const what = purpose === 'DATASET' ? sha256 : `${sha256} ${purpose}`
  const key = `${api.origin} ${team.id} ${what}`
  const begun = memory && (await findUpload(api, await memory.find(key)))
  if (begun?.sha256) return begun
  const announced = { teamId: team.id, fileName: path.basename(file), byteLength, purpose }
  const upload = begun ?? (await createUpload(api, announced))
  await memory?.note(key, upload.id)
  await sendBytes(api, upload, file, byteLength, onProgress, signal)
  const { finalizeUpload } = await api.ask(FinalizeUploadDocument, { input: { uploadId: upload.id, sha256 } })
  return required(finalizeUpload.upload)
}

async function findUpload(api: ApiClient, id: string | undefined): Promise<UploadPartsFragment | null> {
  if (id === undefined) return null
  const { node } = await api.ask(UploadByIdDocument, { id })
  return node?.__typename === 'Upload' ? node : null
}

async function createUpload(api: ApiClient, input: CreateUploadInput) {
  const { createUpload } = await api.ask(CreateUploadDocument, { input })
  return required(createUpload.upload)
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the API answered neither with an upload nor with an error')
  return value
}

function sendBytes(
  api: ApiClient,
  { url }: UploadPartsFragment,
  file: string,
  byteLength: number,
  onProgress: SendOptions['onProgress'],
  signal?: AbortSignal,
): Promise<void> {
  if (url === null) throw new CommandError('failed', 'The upload takes no more bytes: run the command again.')
  const source = createReadStream(file)
  const sent = new Promise<void>((resolve, reject) => {
    const upload = new Upload(source, {
      uploadUrl: api.at(url).href,
      headers: api.headers,
      uploadSize: byteLength,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRIES_MS,
      onProgress: (sent, total) => onProgress(sent, total ?? byteLength),
      onSuccess: () => resolve(),
      onError: (error) => reject(new CommandError('failed', `The upload broke off: ${error.message}`)),
    })
    const stop = () => void upload.abort().then(() => reject(signal?.reason))
    signal?.addEventListener('abort', stop, { once: true })
    upload.start()
  })
  return sent.finally(() => source.destroy())
}
