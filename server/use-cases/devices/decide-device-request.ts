import { z } from 'zod'
import { KEY_SCOPES, USUAL_SCOPES } from '../../../contract/key-scopes.ts'
import type { DeviceRequest } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { findDeviceRequest } from './find-device-request.ts'

const Input = z.object({
  scopes: z.array(z.enum(KEY_SCOPES)).max(KEY_SCOPES.length, 'each scope once').nullish(),
  expiresInDays: z.int().min(1, 'at least a day').max(3650, 'at most 3,650 days').nullish(),
})

/** Lets a program have a key of a team, which it makes when it fetches it. */
export async function approveDevice(
  { database }: Services,
  actor: Actor | null,
  input: { teamId: string; userCode: string } & z.input<typeof Input>,
): Promise<DeviceRequest> {
  await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const { userId } = requirePerson(actor)
  const { scopes, expiresInDays } = parseInput(Input, {
    scopes: input.scopes,
    expiresInDays: input.expiresInDays,
  })
  return decide({ database }, actor, input.userCode, {
    approvedById: userId,
    teamId: input.teamId,
    scopes: [...(scopes ?? USUAL_SCOPES)],
    expiresInDays: expiresInDays ?? null,
  })
}

/** Lets a program have nothing. */
export async function denyDevice(
  services: Services,
  actor: Actor | null,
  { userCode }: { userCode: string },
): Promise<DeviceRequest> {
  return decide(services, actor, userCode, { deniedAt: new Date() })
}

type Decision = Partial<
  Pick<DeviceRequest, 'approvedById' | 'teamId' | 'scopes' | 'expiresInDays' | 'deniedAt'>
>

/** Of two decisions at once one counts. */
async function decide(
  { database }: Pick<Services, 'database'>,
  actor: Actor | null,
  userCode: string,
  data: Decision,
): Promise<DeviceRequest> {
  const found = await findDeviceRequest({ database }, actor, userCode)
  const where = { id: found?.id ?? '', deniedAt: null, approvedById: null }
  const { count } = found ? await database.deviceRequest.updateMany({ where, data }) : { count: 0 }
  if (found && count > 0) return found
  throw new AppError(
    'INVALID_INPUT',
    'There is no such code, or it is over: codes are good for ten minutes and once. Begin again where you got it.',
    ['userCode'],
  )
}
