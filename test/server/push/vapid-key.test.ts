import { createPublicKey, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { VapidKey } from '../../../server/push/vapid-key.ts'

const SECRET = 'a secret of the tests, long enough'
const AT = new Date('2026-11-28T05:00:00Z')
const ENDPOINT = new URL('https://push.example.org:8443/send/abc?d=1')
const bytes = (text: string) => Buffer.from(text, 'base64url')
const read = (part = '') => JSON.parse(bytes(part).toString())

function authorize(key: VapidKey) {
  const [, token = '', sender = ''] =
    /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(key.authorize(ENDPOINT, AT)) ?? []
  const [head, claims, signature = ''] = token.split('.')
  return {
    sender,
    signed: `${head}.${claims}`,
    signature: bytes(signature),
    head: read(head),
    claims: read(claims),
  }
}

it('a push service is told who sends, to which service and until when, as RFC 8292 has it', () => {
  const key = new VapidKey(SECRET, 'https://studyhall.example')
  const { sender, signed, signature, head, claims } = authorize(key)
  expect(sender).toBe(key.publicKey)
  expect(head).toEqual({ typ: 'JWT', alg: 'ES256' })
  expect(claims).toEqual({
    aud: 'https://push.example.org:8443',
    exp: AT.getTime() / 1000 + 12 * 3600,
    sub: 'https://studyhall.example',
  })
  const point = bytes(sender)
  expect([point.length, point[0]]).toEqual([65, 4])
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x!, y: y! }, format: 'jwk' })
  const by = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  expect(signature.length).toBe(64)
  expect(verify('sha256', Buffer.from(signed), by, signature)).toBe(true)
  expect(verify('sha256', Buffer.from(`${signed}x`), by, signature)).toBe(false)
})

it('the key is the same on every server with the same secret, in every version, and on no other', () => {
  expect(new VapidKey(SECRET, 'http://localhost:3000').publicKey).toBe(
    'BO_gF1LC8bM5TvBIL48IzJjdcOqyMvWKCN3TneXokyk9w3H0Gvj19stEW1TxfCYJIwj1eH6XC5Bp0mUc6HuG0Lw',
  )
  expect(new VapidKey(`${SECRET}!`, 'http://localhost:3000').publicKey).not.toBe(
    new VapidKey(SECRET, 'http://localhost:3000').publicKey,
  )
})

it('an instance without https names an address for mail, since no other contact is allowed', () => {
  expect(authorize(new VapidKey(SECRET, 'http://localhost:3000')).claims.sub).toMatch(/^mailto:/)
})
