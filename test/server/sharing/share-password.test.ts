import { expect, it } from 'vitest'
import { checkSharePassword } from '../../../server/use-cases/sharing/check-share-password.ts'

it('row 67: tells whoever guesses at a link how long to wait, and locks nobody else out', async () => {
  // Not a hash at all, which is told apart from the password without computing one.
  const link = { id: 'shl_guessed', passwordHash: 'none' }
  const guess = (from: number, to: number) =>
    Promise.allSettled(
      Array.from({ length: to - from }, (_, n) =>
        checkSharePassword(link, 'no', `10.0.${(from + n) >> 8}.${(from + n) & 255}`),
      ),
    )
  // A thousand networks that guess keep nobody out: the password of one more is looked at.
  expect((await guess(0, 1_000)).at(-1)).toMatchObject({ reason: { message: 'Invalid password hash' } })
  expect((await guess(1_000, 10_001)).at(-1)).toMatchObject({
    reason: { message: 'Too many passwords were tried. Try again in 60 minutes.' },
  })
  const once = { ...link, id: 'shl_tried' }
  const own = await Promise.allSettled(
    Array.from({ length: 11 }, () => checkSharePassword(once, 'no', '::1')),
  )
  expect(own.at(-1)).toMatchObject({
    reason: { message: 'Too many passwords were tried. Try again in 10 minutes.' },
  })
})
