import { describe, expect, it } from 'vitest'
import { refuseUrl } from '../../../server/webhooks/post-outward.ts'
import { isMetadataAddress, isPublicAddress } from '../../../server/webhooks/public-address.ts'

describe('row 41: an address', () => {
  it.each([
    ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
    ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.168.1.1', '198.18.0.1'],
    ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1'],
    ...['fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '2002:7f00:1::', '2001:0:1::1'],
    ...['2001:db8::1', '100::1', '3fff::1'],
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.167.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each(['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', 'fd00:ec2::254'])(
    '%s is refused even for a host that was named',
    (address) => {
      expect(isMetadataAddress(address)).toBe(true)
    },
  )
})

describe('row 41: a URL', () => {
  it.each([
    ...['https://127.1/', 'https://0x7f.1/', 'https://2130706433/', 'https://0177.0.0.1/', 'https://0/'],
    ...[
      'https://[::1]/',
      'https://[::ffff:7f00:1]/',
      'https://[64:ff9b::a9fe:a9fe]/',
      'https://10.1.2.3:8443/',
    ],
    ...['https://169.254.169.254/latest/meta-data/', 'https://１２７.0.0.1/', 'https://127。0。0。1/'],
  ])('%s is refused before anything is asked', (url) => {
    expect(refuseUrl(new URL(url), [])).toContain('private or reserved address')
  })

  it.each([
    ['http://hooks.example.org/', 'begins with https://'],
    ['file:///etc/passwd', 'begins with https://'],
    ['ftp://hooks.example.org/', 'begins with https://'],
    ['https://name:password@hooks.example.org/', 'no name and password'],
  ])('%s is refused', (url, why) => {
    expect(refuseUrl(new URL(url), [])).toContain(why)
  })

  it('of a host that was named may have http and a private address', () => {
    expect(refuseUrl(new URL('http://10.0.0.5:8080/x'), ['10.0.0.5'])).toBeNull()
    expect(refuseUrl(new URL('http://HOOKS.lab/x'), ['hooks.lab'])).toBeNull()
    expect(refuseUrl(new URL('http://other.lab/x'), ['hooks.lab'])).not.toBeNull()
  })
})
