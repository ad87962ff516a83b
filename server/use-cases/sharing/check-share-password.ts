import { createHmac, randomBytes } from 'node:crypto'
import { verifyPassword } from 'better-auth/crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { ShareLink } from '../../../prisma/client.ts'
import { networkOf } from '../../access/client-address.ts'
import { AppError } from '../../errors.ts'

/**
 * For one network; and for all of them together, so high that guessers lock nobody else out who do not command some
 * hundred networks, and far too low to guess a password by.
 */
const byNetwork = new RateLimiterMemory({ points: 10, duration: 600 })
const byLink = new RateLimiterMemory({ points: 10_000, duration: 3_600 })
/** A page asks again and again with the password that it was given, and a hash takes a twentieth of a second. */
const REMEMBERED_MS = 10 * 60_000
const MOST_REMEMBERED = 1_000
const secret = randomBytes(32)
const right = new Map<string, number>()

/** @throws AppError INVALID_INPUT for a wrong password, LIMIT_EXCEEDED after ten in ten minutes, or 10,000 in an hour from everywhere */
export async function checkSharePassword(
  { id, passwordHash }: Pick<ShareLink, 'id' | 'passwordHash'>,
  password: string,
  address: string,
): Promise<void> {
  if (passwordHash === null) return
  const key = createHmac('sha256', secret).update(`${id}|${passwordHash}|${password}`).digest('base64')
  if ((right.get(key) ?? 0) > Date.now()) return
  await consume(id, address)
  if (!(await verifyPassword({ hash: passwordHash, password })))
    throw new AppError('INVALID_INPUT', 'This is not the password.', ['password'])
  await byNetwork.reward(`${id}|${networkOf(address)}`)
  remember(key)
}

async function consume(id: string, address: string): Promise<void> {
  try {
    await byNetwork.consume(`${id}|${networkOf(address)}`)
    await byLink.consume(id)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const minutes = Math.max(1, Math.ceil(refusal.msBeforeNext / 60_000))
    const message = `Too many passwords were tried. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
    throw new AppError('LIMIT_EXCEEDED', message, ['password'])
  }
}

function remember(key: string): void {
  const [oldest] = right.keys()
  if (right.size >= MOST_REMEMBERED && oldest !== undefined) right.delete(oldest)
  right.set(key, Date.now() + REMEMBERED_MS)
}
