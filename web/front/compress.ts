import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { createGzip, type Gzip } from 'node:zlib'

/** Less is not worth it: it fits in one packet anyway. */
const LEAST_BYTES = 1024
const COMPRESSIBLE = /^(text\/|application\/(json|jsonl|graphql-response\+json)\b)/

/** What compresses an answer on its way, or null where it goes as it is; the headers are changed to say so. */
export function compress(
  request: IncomingMessage,
  answer: IncomingMessage,
  headers: OutgoingHttpHeaders,
): Gzip | null {
  if (!isCompressible(answer)) return null
  headers.vary = [headers.vary, 'Accept-Encoding'].filter(Boolean).join(', ')
  if (request.method === 'HEAD' || !/\bgzip\b/.test(String(request.headers['accept-encoding']))) return null
  delete headers['content-length']
  headers['content-encoding'] = 'gzip'
  return createGzip()
}

/** Neither a part of something, nor what its strong ETag names byte by byte, nor what says that it is to stay as it is. */
function isCompressible({ statusCode, headers }: IncomingMessage): boolean {
  const byteLength = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY)
  return (
    statusCode !== 206 &&
    byteLength >= LEAST_BYTES &&
    headers['content-encoding'] === undefined &&
    COMPRESSIBLE.test(headers['content-type'] ?? '') &&
    !headers.etag?.startsWith('"') &&
    !headers['cache-control']?.includes('no-transform')
  )
}
