import { verifyPassword } from 'better-auth/crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Database } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'

/** Whoever found somebody's page open guesses no faster here than at sign-in. */
const tries = new RateLimiterMemory({ points: 10, duration: 600 })

/** Asks for a person's password once more. @throws AppError INVALID_INPUT, or LIMIT_EXCEEDED after ten tries in ten minutes */
export async function checkPassword(database: Database, userId: string, password: string): Promise<void> {
  await tries.consume(userId).catch(() => {
    throw new AppError('LIMIT_EXCEEDED', 'Too many attempts. Try again in ten minutes.', ['password'])
  })
  const account = await database.account.findFirst({ where: { userId, providerId: 'credential' } })
  const isRight = account?.password && (await verifyPassword({ hash: account.password, password }))
  if (!isRight) throw new AppError('INVALID_INPUT', 'password: this is not your password', ['password'])
}
