import { sha256 } from 'hash-wasm'
import type { ArtifactPartsFragment } from '../../../graphql/generated/operations.ts'
import { keepModel, readKept } from './kept-models.ts'

export interface FetchedModel {
  /** The zip file. */
  bytes: Uint8Array<ArrayBuffer>
  /** It was already stored in the browser, so nothing was downloaded. */
  kept: boolean
}

/**
 * Loads a model's file from the browser's cache, or downloads it and caches it by hash. Either way the bytes
 * are verified against the server's SHA-256.
 * @param sign returns a signed same-origin link
 * @param onReceived called with the bytes received so far
 * @throws an error with a message for users; the signal's reason when aborted
 */
export async function fetchModel(
  artifact: Pick<ArtifactPartsFragment, 'sha256' | 'byteLength'>,
  sign: () => Promise<string>,
  signal: AbortSignal,
  onReceived: (bytes: number) => void,
): Promise<FetchedModel> {
  const kept = await readIntact(artifact.sha256)
  if (kept) return { bytes: kept, kept: true }
  const response = await fetch(await sign(), { signal })
  if (!response.ok || !response.body) throw new Error(await complaintOf(response))
  const bytes = await receive(response.body, artifact.byteLength, onReceived)
  if ((await sha256(bytes)) !== artifact.sha256)
    throw new Error('The download does not match the model’s SHA-256. Try again.')
  await keepModel(artifact.sha256, bytes)
  return { bytes, kept: false }
}

async function receive(
  body: ReadableStream<Uint8Array>,
  byteLength: number,
  onReceived: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(byteLength)
  let received = 0
  const reader = body.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (received + piece.value.length > byteLength) {
      await reader.cancel()
      throw new Error('The download is larger than the model. Try again.')
    }
    bytes.set(piece.value, received)
    received += piece.value.length
    onReceived(received)
  }
  if (received < byteLength) throw new Error('The download was interrupted. Try again.')
  return bytes
}

async function complaintOf(response: Response): Promise<string> {
  const said: unknown = await response.json().catch(() => null)
  const isComplaint = typeof said === 'object' && said !== null && 'message' in said
  return isComplaint ? String(said.message) : `The server answered ${response.status}.`
}

/** Undefined if it is not cached, or the cached bytes are damaged. */
async function readIntact(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await readKept(hash)
  return bytes && (await sha256(bytes)) === hash ? bytes : undefined
}
