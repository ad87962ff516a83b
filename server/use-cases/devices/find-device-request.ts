import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { DeviceRequest } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { readUserCode } from './device-codes.ts'

/** So that nobody finds another one's code by trying. */
const wrongCodes = new RateLimiterMemory({ points: 10, duration: 60 })

/**
 * What a code asks for that nobody has decided yet; null for one that is unknown, used or over.
 * @throws AppError LIMIT_EXCEEDED for whoever has tried too many
 */
export async function findDeviceRequest(
  { database }: Pick<Services, 'database'>,
  actor: Actor | null,
  userCode: string,
): Promise<DeviceRequest | null> {
  const { userId } = requirePerson(actor)
  await countAttempt(userId)
  const found = await database.deviceRequest.findFirst({
    where: {
      userCode: readUserCode(userCode),
      expiresAt: { gt: new Date() },
      ...{ deniedAt: null, approvedById: null },
    },
  })
  if (found) await wrongCodes.reward(userId)
  return found
}

/** Before it is looked up, so that many at once are no more than many one by one; a good code is not counted. */
async function countAttempt(userId: string): Promise<void> {
  try {
    await wrongCodes.consume(userId)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new AppError('LIMIT_EXCEEDED', 'Too many wrong codes. Try again in a minute.', ['userCode'])
  }
}
