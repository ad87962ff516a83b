import { BlockList, isIPv4 } from 'node:net'

/** IPv4 that is not of the public Internet (RFC 6890 and IANA's registry), and Azure's host, which looks as if it were. */
const NOT_PUBLIC = listOf('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
])
/** The only IPv6 that is handed out; what maps to IPv4 (::ffff:0:0/96, 64:ff9b::/96) lies outside. */
const GLOBAL_V6 = listOf('ipv6', ['2000::/3'])
/** Inside it: Teredo and other protocols, documentation, 6to4, which carries an IPv4 address. */
const SPECIAL_V6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])
/** Where clouds hand out credentials: not even a named host is there. */
const LINK_LOCAL = listOf('ipv4', ['169.254.0.0/16'])
const LINK_LOCAL_V6 = listOf('ipv6', ['fe80::/10', 'fd00:ec2::254/128'])

/** True for an address that belongs to the public Internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !NOT_PUBLIC.check(address, 'ipv4')
  return GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6')
}

/** True for an address at which a machine's cloud tells it secrets. */
export function isMetadataAddress(address: string): boolean {
  if (isIPv4(address)) return LINK_LOCAL.check(address, 'ipv4')
  return LINK_LOCAL_V6.check(address, 'ipv6') || LINK_LOCAL.check(address, 'ipv6')
}

function listOf(family: 'ipv4' | 'ipv6', subnets: string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
