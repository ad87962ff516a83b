import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

const NAMED: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** Whose word about the address of a client counts. Nobody's, where nothing is named. */
export class TrustedProxies {
  readonly #list = new BlockList()

  /**
   * @param text  addresses, ranges such as `10.1.0.0/16`, `loopback` and `private`, with commas between
   * @throws Error that names what is none of these
   */
  constructor(text = '') {
    const given = text.split(',').map((part) => part.trim())
    for (const part of given) if (part) for (const range of NAMED[part] ?? [part]) this.#add(range)
  }

  has(address: string): boolean {
    const family = familyOf(address)
    return family !== null && this.#list.check(address, family)
  }

  #add(range: string): void {
    const [address = '', bits, ...others] = range.split('/')
    const family = familyOf(address)
    const most = family === 'ipv4' ? 32 : 128
    const prefix = bits === undefined ? most : Number(bits)
    const isRange = bits === undefined || /^\d{1,3}$/.test(bits)
    if (!family || !isRange || prefix > most || others.length > 0)
      throw new Error(`“${range}” is no address, no range of addresses, and neither loopback nor private`)
    this.#list.addSubnet(address, prefix, family)
  }
}

/**
 * The address that a request comes from: its connection's, or, where that is a trusted proxy's, what the proxy says, and
 * so on. Whatever else stands in the header was written by the client itself.
 */
export function clientAddressOf({ headers, socket }: IncomingMessage, proxies: TrustedProxies): string {
  let address = plain(socket.remoteAddress ?? '')
  const said = String(headers['x-forwarded-for'] ?? '').split(',')
  while (proxies.has(address)) {
    const before = plain(said.pop()?.trim() ?? '')
    if (!isIP(before)) break
    address = before
  }
  return address
}

/** An IPv4 address that came through an IPv6 socket is what it was. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  if (version === 0) return null
  return version === 4 ? 'ipv4' : 'ipv6'
}
