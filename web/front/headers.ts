import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { clientAddressOf, type TrustedProxies } from './client-address.ts'

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
/** What proxies say of a client: the API hears it from us, and from nobody through us. */
const OF_PROXIES = /^(forwarded|x-forwarded-.*|x-real-ip|x-studyhall-front)$/

/** Where the API is, and what it goes by. */
export interface ApiPlace {
  origin: string
  /** Shows the API that a request comes from us, and that the client's address in it is true. */
  secret?: string | undefined
  /** Proxies before us. */
  proxies: TrustedProxies
}

/** The headers of a request as the API gets them: it also learns whose request it is. */
export function toApi(incoming: IncomingMessage, { origin, secret, proxies }: ApiPlace): OutgoingHttpHeaders {
  const { host } = new URL(origin)
  const own = Object.entries(withoutConnection(incoming.headers)).filter(([name]) => !OF_PROXIES.test(name))
  return {
    ...Object.fromEntries(own),
    'x-forwarded-for': clientAddressOf(incoming, proxies),
    ...(secret !== undefined && { 'x-studyhall-front': secret }),
    host,
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
