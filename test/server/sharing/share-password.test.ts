import { expect, it } from 'vitest'
import { checkSharePassword } from '../../../server/use-cases/sharing/check-share-password.ts'

it('row 67: tells of a link that everybody guesses at how long nobody can open it', async () => {
  // Not a hash at all, which is told apart from the password without computing one.
  const link = { id: 'shl_guessed', passwordHash: 'none' }
  const tries = Array.from({ length: 201 }, (_, n) => checkSharePassword(link, 'no', `192.0.2.${n}`))
  const refusals = await Promise.allSettled(tries)
  expect(refusals.at(-1)).toMatchObject({
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
