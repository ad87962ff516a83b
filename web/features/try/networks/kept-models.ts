/** Cache of models in the browser, keyed by hash, so that each is downloaded once. */

const CACHE = 'studyhall-models'

/** Undefined if it is not cached, or the page has no cache because it was loaded without HTTPS. */
export async function readKept(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const cache = await openCache()
  const kept = await cache?.match(addressOf(hash))
  return kept && new Uint8Array(await kept.arrayBuffer())
}

/** Does nothing if there is no space; the model is then downloaded again next time. */
export async function keepModel(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const cache = await openCache()
  await cache?.put(addressOf(hash), new Response(bytes)).catch(() => undefined)
}

/** Deletes all cached models, for example on sign-out from a shared machine. */
export async function forgetModels(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(CACHE).catch(() => false)
}

function openCache(): Promise<Cache | undefined> {
  return 'caches' in globalThis ? caches.open(CACHE).catch(() => undefined) : Promise.resolve(undefined)
}

/** The cache requires URLs as keys; no server serves this one. */
function addressOf(hash: string): string {
  return `/models-by-sha256/${hash}`
}
