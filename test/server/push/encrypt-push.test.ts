import { expect, it } from 'vitest'
import { encryptPush } from '../../../server/push/encrypt-push.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

/** Of RFC 8291, appendix A. */
const KEYS = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
}
const OWN = {
  salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
  privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
}

it('a message is encrypted as in the example of RFC 8291', () => {
  expect(encryptPush('When I grow up, I want to be a watermelon', KEYS, OWN).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

it('every message has a salt and a key of its own', () => {
  const [first, second] = [encryptPush('the same', KEYS), encryptPush('the same', KEYS)]
  expect(first.subarray(0, 16)).not.toEqual(second.subarray(0, 16))
  expect(first.subarray(21, 86)).not.toEqual(second.subarray(21, 86))
})

it('a message is as long as push services have to take, and no longer', () => {
  expect(encryptPush('ü'.repeat(1996), KEYS).length).toBe(4095)
  expect(encryptPush('a'.repeat(3993), KEYS).length).toBe(4096)
  expect(() => encryptPush('a'.repeat(3994), KEYS)).toThrow('too long to push')
})

it('nothing is encrypted for a point that is not on the curve', () => {
  expect(() => encryptPush('a', { ...KEYS, p256dh: `BA${'A'.repeat(85)}` })).toThrow()
})
