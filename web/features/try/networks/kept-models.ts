/** Models that this browser keeps by their hash, so that they are downloaded once. */

const CACHE = 'studyhall-models'

/** Undefined where it was not kept, or where the browser keeps nothing for the page: then it came without HTTPS. */
export async function readKept(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const cache = await openCache()
  const kept = await cache?.match(addressOf(hash))
  return kept && new Uint8Array(await kept.arrayBuffer())
}

/** Where there is no room, it is downloaded again the next time. */
export async function keepModel(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const cache = await openCache()
  await cache?.put(addressOf(hash), new Response(bytes)).catch(() => undefined)
}

/** Takes all of them out of the browser: whoever comes next at this machine may be somebody else. */
export async function forgetModels(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(CACHE).catch(() => false)
}

function openCache(): Promise<Cache | undefined> {
  return 'caches' in globalThis ? caches.open(CACHE).catch(() => undefined) : Promise.resolve(undefined)
}

/** No server answers it: the cache wants an address as its key. */
function addressOf(hash: string): string {
  return `/models-by-sha256/${hash}`
}
