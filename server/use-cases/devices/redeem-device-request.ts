import type { ApiKey, DeviceRequest } from '../../../prisma/client.ts'
import { type Origin, writeEvents } from '../../audit/events.ts'
import { subjectOf } from '../../audit/subjects.ts'
import type { Services } from '../../services.ts'
import { createApiKey } from '../teams/create-api-key.ts'
import { hashDeviceCode } from './device-codes.ts'

/** As RFC 8628 (section 3.5) calls them. */
export type DeviceError = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token'

/** The key that was confirmed, once; or why there is none. @throws AppError where its approver may make none any more */
export async function redeemDeviceRequest(
  services: Services,
  deviceCode: string,
  { origin, pollSeconds }: { origin: Origin; pollSeconds: number },
): Promise<{ secret: string } | { error: DeviceError }> {
  const { deviceRequest } = services.database
  const id = hashDeviceCode(deviceCode)
  const found = await deviceRequest.findUnique({ where: { id }, include: { approvedBy: true } })
  const now = new Date()
  if (!found || found.expiresAt <= now) return { error: 'expired_token' }
  // Who is suspended makes no keys, and none that would be good once they are back.
  if (found.deniedAt || found.approvedBy?.suspendedAt) return { error: 'access_denied' }
  if (!found.approvedById || !found.teamId) {
    await deviceRequest.updateMany({ where: { id }, data: { polledAt: now } })
    const isEarly = found.polledAt && now.getTime() - found.polledAt.getTime() < pollSeconds * 1000
    return { error: isEarly ? 'slow_down' : 'authorization_pending' }
  }
  // Of two that ask at once one gets it.
  const { count } = await deviceRequest.deleteMany({ where: { id } })
  if (count === 0) return { error: 'expired_token' }
  return makeKey(services, { ...found, approvedById: found.approvedById, teamId: found.teamId }, origin)
}

type Approved = DeviceRequest & { approvedById: string; teamId: string }

async function makeKey(services: Services, request: Approved, origin: Origin): Promise<{ secret: string }> {
  const { approvedById: userId, teamId, clientName, scopes, expiresInDays } = request
  const approver = { kind: 'session', userId, sessionId: '' } as const
  const input = { teamId, name: clientName, scopes, expiresInDays }
  const { apiKey, secret } = await createApiKey(services, approver, input)
  await writeEvents(services.database, [eventOf(apiKey, userId, origin)])
  return { secret }
}

function eventOf(apiKey: ApiKey, userId: string, origin: Origin) {
  const { teamId, scopes } = apiKey
  return {
    actor: { kind: 'PERSON', id: userId } as const,
    ...{ origin, teamId, action: 'key.create' as const },
    subject: subjectOf('ApiKey', apiKey),
    detail: { scopes, by: 'device code' },
  }
}
