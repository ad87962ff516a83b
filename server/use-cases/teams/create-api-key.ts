import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { KEY_SCOPES, USUAL_SCOPES } from '../../../contract/key-scopes.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { ApiKey, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { makeApiKey } from '../../access/api-keys.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'

const MAX_KEYS_A_TEAM = 100
const DAY_MS = 24 * 60 * 60 * 1000

const Input = z.object({
  teamId: z.string(),
  name: nameUpTo(NAME_LENGTHS.apiKey),
  scopes: z.array(z.enum(KEY_SCOPES)).max(KEY_SCOPES.length, 'each scope once').nullish(),
  expiresInDays: z.int().min(1, 'at least a day').max(3650, 'at most 3,650 days').nullish(),
})

/** Makes a key of a team. The secret is in the answer and nowhere else. */
export async function createApiKey(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<{ apiKey: ApiKey; secret: string }> {
  await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const { userId } = requirePerson(actor)
  const { teamId, name, scopes, expiresInDays } = parseInput(Input, input)
  const { secret, prefix, hash } = makeApiKey()
  const data = {
    id: newId('ApiKey'),
    teamId,
    createdById: userId,
    userId,
    scopes: KEY_SCOPES.filter((scope) => scope === 'READ' || (scopes ?? USUAL_SCOPES).includes(scope)),
    name,
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

async function requireRoomForKey(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.apiKey.count({ where: { teamId, revokedAt: null } })) < MAX_KEYS_A_TEAM) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `A team has at most ${MAX_KEYS_A_TEAM} keys; revoke one that is not used.`,
  )
}
