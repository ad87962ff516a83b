import { sha256 } from 'hash-wasm'
import type { ArtifactPartsFragment } from '../../graphql/generated/operations.ts'

const CACHE = 'studyhall-models'

export interface FetchedModel {
  /** The zip. */
  bytes: Uint8Array<ArrayBuffer>
  /** It was in the browser already: nothing was downloaded. */
  kept: boolean
}

/**
 * A model's file, from the browser's own storage or else from the server, and then kept there by its hash. Either way
 * it is what the server says it is, to the byte.
 * @param sign gives a link that the server signed, on this origin
 * @param onReceived bytes so far
 * @throws Error that says in words what is wrong; the signal's reason when aborted
 */
export async function fetchModel(
  artifact: Pick<ArtifactPartsFragment, 'sha256' | 'byteLength'>,
  sign: () => Promise<string>,
  signal: AbortSignal,
  onReceived: (bytes: number) => void,
): Promise<FetchedModel> {
  const kept = await readKept(artifact.sha256)
  if (kept) return { bytes: kept, kept: true }
  const response = await fetch(await sign(), { signal })
  if (!response.ok || !response.body) throw new Error(await complaintOf(response))
  const bytes = await receive(response.body, artifact.byteLength, onReceived)
  if ((await sha256(bytes)) !== artifact.sha256)
    throw new Error('What arrived is not the model: its SHA-256 is another. Try again.')
  await keep(artifact.sha256, bytes)
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
      throw new Error('More arrived than the model has bytes. Try again.')
    }
    bytes.set(piece.value, received)
    received += piece.value.length
    onReceived(received)
  }
  if (received < byteLength) throw new Error('The download broke off. Try again.')
  return bytes
}

async function complaintOf(response: Response): Promise<string> {
  const said: unknown = await response.json().catch(() => null)
  const isComplaint = typeof said === 'object' && said !== null && 'message' in said
  return isComplaint ? String(said.message) : `The server answered ${response.status}.`
}

/** Undefined where it was not kept, or where this browser keeps nothing for this page (then it is not over HTTPS). */
async function readKept(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const cache = await openCache()
  const kept = await cache?.match(addressOf(hash))
  if (!cache || !kept) return undefined
  const bytes = new Uint8Array(await kept.arrayBuffer())
  if ((await sha256(bytes)) === hash) return bytes
  await cache.delete(addressOf(hash))
  return undefined
}

/** Where there is no room, it is downloaded again the next time. */
async function keep(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const cache = await openCache()
  await cache?.put(addressOf(hash), new Response(bytes)).catch(() => undefined)
}

function openCache(): Promise<Cache | undefined> {
  return 'caches' in globalThis ? caches.open(CACHE).catch(() => undefined) : Promise.resolve(undefined)
}

/** No server answers it: the cache wants an address as its key. */
function addressOf(hash: string): string {
  return `/models-by-sha256/${hash}`
}

/** Takes every kept model out of this browser. */
export async function forgetModels(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(CACHE).catch(() => false)
}
