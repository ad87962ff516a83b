import { createSHA256 } from 'hash-wasm'

const PIECE_BYTES = 4 * 1024 * 1024

/**
 * SHA-256 of a file of any size, read in pieces of 4 MiB: crypto.subtle would need the whole file in memory.
 * @param onRead bytes read so far
 * @returns lower-case hexadecimal
 * @throws the signal's reason when aborted
 */
export async function hashFile(
  file: File,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<string> {
  const hasher = await createSHA256()
  hasher.init()
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    signal.throwIfAborted()
    hasher.update(new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer()))
    onRead(Math.min(file.size, offset + PIECE_BYTES))
  }
  return hasher.digest('hex')
}
