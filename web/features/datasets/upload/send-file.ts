import { Upload } from 'tus-js-client'

/** Small enough to lose little when the line breaks, large enough to keep it busy. */
const CHUNK_BYTES = 8 * 1024 * 1024
const RETRY_DELAYS_MS = [0, 1_000, 3_000, 5_000, 10_000, 20_000]

/**
 * Sends a file to an upload that exists already, from the first byte that has not arrived.
 * @param url the upload's own; only its path counts, the bytes go to the page's origin
 */
export function sendFile(
  file: File,
  url: string,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      uploadUrl: new URL(url, location.origin).pathname,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      storeFingerprintForResuming: false,
      onProgress: (sent) => onSent(sent),
      onSuccess: () => resolve(),
      onError: reject,
    })
    signal.addEventListener('abort', () => {
      void upload.abort()
      reject(signal.reason)
    })
    upload.start()
  })
}
