import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { KEY_SCOPES, type KeyScope, SCOPES_OF, USUAL_SCOPES } from '../../../contract/key-scopes.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { ApiKey, Role, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { makeApiKey } from '../../access/api-keys.ts'
import { type Asker, permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'

const MAX_KEYS_A_TEAM = 100
const DAY_MS = 24 * 60 * 60 * 1000

const Input = z.object({
  teamId: z.string(),
  name: nameUpTo(NAME_LENGTHS.apiKey),
  serviceAccountId: z.string().nullish(),
  scopes: z.array(z.enum(KEY_SCOPES)).max(KEY_SCOPES.length, 'each scope once').nullish(),
  maxRuns: z.int().min(0, 'at least 0').max(100_000, 'at most 100,000 runs').nullish(),
  maxDeviceMinutes: z.int().min(0, 'at least 0').max(1_000_000, 'at most 1,000,000 minutes').nullish(),
  expiresInDays: z.int().min(1, 'at least a day').max(3650, 'at most 3,650 days').nullish(),
})

/** Makes a key of a team, which speaks for whoever makes it or for a service account. The secret is in the answer and nowhere else. */
export async function createApiKey(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<{ apiKey: ApiKey; secret: string }> {
  await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const { userId } = requirePerson(actor)
  const { teamId, name, scopes, maxRuns, maxDeviceMinutes, expiresInDays, serviceAccountId } = parseInput(
    Input,
    input,
  )
  const speaker = serviceAccountId
    ? await findServiceAccount({ database, actor }, teamId, serviceAccountId)
    : { userId, role: 'ADMIN' as const }
  const { secret, prefix, hash } = makeApiKey()
  const data = {
    id: newId('ApiKey'),
    teamId,
    createdById: userId,
    userId: speaker.userId,
    scopes: chooseScopes(scopes, speaker.role),
    name,
    maxRuns: maxRuns ?? null,
    maxDeviceMinutes: maxDeviceMinutes ?? null,
    prefix,
    hash,
    expiresAt: expiresInDays ? new Date(Date.now() + expiresInDays * DAY_MS) : null,
  }
  const apiKey = await withLockedRow(database, 'Team', teamId, async (tx) => {
    await requireRoomForKey(tx, teamId)
    return tx.apiKey.create({ data })
  })
  return { apiKey, secret }
}

async function findServiceAccount(asker: Asker, teamId: string, id: string) {
  const account = await permit(asker, 'ServiceAccount', id, 'ADMIN')
  if (account.teamId !== teamId) throw notFound('service account', ['serviceAccountId'])
  const { userId } = account
  return asker.database.member.findUniqueOrThrow({ where: { teamId_userId: { teamId, userId } } })
}

/** @throws AppError INVALID_INPUT for a scope that would be of no use to a service account of that role */
function chooseScopes(wanted: readonly KeyScope[] | null | undefined, role: Role): KeyScope[] {
  const isOfUse = (scope: KeyScope) => SCOPES_OF[role].includes(scope)
  const useless = (wanted ?? []).find((scope) => !isOfUse(scope))
  if (useless) {
    const message = `scopes: ${useless} is of no use to a service account that is ${role}, which may ${SCOPES_OF[role].join(', ')}.`
    throw new AppError('INVALID_INPUT', message, ['scopes'])
  }
  const chosen = wanted ?? USUAL_SCOPES.filter(isOfUse)
  return KEY_SCOPES.filter((scope) => scope === 'READ' || chosen.includes(scope))
}

async function requireRoomForKey(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.apiKey.count({ where: { teamId, revokedAt: null } })) < MAX_KEYS_A_TEAM) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `A team has at most ${MAX_KEYS_A_TEAM} keys; revoke one that is not used.`,
  )
}
