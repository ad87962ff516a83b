import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'

/** Of one connection and not of what it carries (RFC 9110, section 7.6.1). */
const OF_A_CONNECTION = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
])

/** The headers of a request as the API gets them: it also learns whose request it is. */
export function toApi({ headers, socket }: IncomingMessage, apiHost: string): OutgoingHttpHeaders {
  return {
    // An old client names no host, and one that has hung up has no address.
    'x-forwarded-host': headers.host ?? apiHost,
    'x-forwarded-for': socket.remoteAddress ?? 'unknown',
    'x-forwarded-proto': 'http',
    ...withoutConnection(headers),
    host: apiHost,
  }
}

/** The headers of an answer of the API as the client gets them. */
export function toClient(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  // Node frames the answer anew where no length is given.
  const { 'transfer-encoding': _, ...rest } = withoutConnection(headers)
  return rest
}

function withoutConnection(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_A_CONNECTION.has(name)))
}
