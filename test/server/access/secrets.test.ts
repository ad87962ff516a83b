import { randomBytes, randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { estimateBits, LEAST_BITS } from '../../../server/access/secret-strength.ts'
import { readConfig } from '../../../server/config.ts'

const start = (AUTH_SECRET: string | undefined, more: NodeJS.ProcessEnv = {}) =>
  readConfig({ DATABASE_URL: 'postgresql://localhost/x', AUTH_SECRET, ...more })

it.each([
  ['nothing', undefined],
  ['too short', randomBytes(15).toString('hex')],
  ['one letter', 'a'.repeat(64)],
  ['a pattern', 'ab12'.repeat(16)],
  ['a longer pattern', 'p4$$w0rd!X9'.repeat(6)],
  ['the alphabet and digits', 'abcdefghijklmnopqrstuvwxyz0123456789'],
  ['rows of keys', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
  ['rows of keys, backwards and large', '0987654321POIUYTREWQLKJHGFDSAMNBVCXZ'],
  ['words', 'the quick brown fox jumps over the lazy dog'],
  ['words with dashes', 'my-very-own-key-of-the-laboratory-here'],
  ['a number', '31415926535897932384626433832795028841971'],
  ['a placeholder', 'changeme-9f8a7c6e5d4b3a2f1e0d9c8b7a6f5e4d'],
  ['the product’s name', 'studyhall-9f8a7c6e5d4b3a2f1e0d9c8b7a6f5e'],
  ['a date many times', '2025-11-27T'.repeat(4)],
])('row 50: no server starts with %s for a secret', (_, secret) => {
  expect(() => start(secret)).toThrow(/AUTH_SECRET: .*\n.*A good secret: openssl rand -hex 32/s)
  expect(() => start(randomBytes(32).toString('hex'), { STUDYHALL_FRONT_SECRET: secret ?? 'short' })).toThrow(
    /STUDYHALL_FRONT_SECRET: /,
  )
})

it('every secret that a machine made is taken', () => {
  for (let i = 0; i < 3_000; i++)
    for (const secret of [
      randomBytes(16).toString('hex'),
      randomBytes(32).toString('hex'),
      randomBytes(32).toString('base64'),
      randomBytes(24).toString('base64url'),
    ])
      expect(estimateBits(secret)).toBeGreaterThan(LEAST_BITS)
  for (const secret of [randomBytes(16).toString('hex'), randomBytes(32).toString('base64'), randomUUID()])
    expect(start(secret).authSecret).toBe(secret)
})
