import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'

/** What the pages' front and other proxies say of a client. */
const OF_PROXIES = /^(forwarded|x-forwarded-.*|x-real-ip|x-studyhall-front)$/
/** Whoever has one IPv6 address has all of its network, of four groups of sixteen bits. */
const GROUPS_OF_A_NETWORK = 4

/** Settles the address of every request. */
export function settleClientAddress(frontSecret: string | undefined): RequestHandler {
  return (request, _, next) => {
    settleAddress(request, frontSecret)
    next()
  }
}

/**
 * Leaves in `x-forwarded-for` the one true address that a request comes from, whatever its sender wrote there: what the
 * pages' front says, which shows the secret that it shares with the server, or else the connection's own.
 */
export function settleAddress({ headers, socket }: IncomingMessage, frontSecret: string | undefined): void {
  const isFromFront = frontSecret !== undefined && isSame(headers['x-studyhall-front'], frontSecret)
  const address = isFromFront ? String(headers['x-forwarded-for'] ?? '') : socket.remoteAddress
  for (const name of Object.keys(headers)) if (OF_PROXIES.test(name)) delete headers[name]
  headers['x-forwarded-for'] = address || 'unknown'
}

/** Of a request whose address was settled. */
export function clientAddressOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return String(headers['x-forwarded-for'])
}

/** What attempts are counted by: an IPv4 address, or the network of an IPv6 one. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array(Math.max(0, 8 - groups.length - after.length)).fill('0')
  return `${[...groups, ...zeros, ...after].slice(0, GROUPS_OF_A_NETWORK).join(':')}::/64`
}

function isSame(given: string | string[] | undefined, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret))
}
