import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { ServiceAccount, Transaction } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'

const MOST_A_TEAM = 50

const Input = z.object({
  teamId: z.string(),
  name: nameUpTo(NAME_LENGTHS.person),
  role: z.enum(['VIEWER', 'MEMBER', 'ADMIN'], { error: 'a service account is VIEWER, MEMBER or ADMIN' }),
})

interface CreateServiceAccountInput {
  teamId: string
  name: string
  role: string
}

/** Makes somebody who is nobody: a member that acts by keys alone, and stays when whoever made it goes. */
export async function createServiceAccount(
  { database }: Services,
  actor: Actor | null,
  input: CreateServiceAccountInput,
): Promise<ServiceAccount & { name: string }> {
  await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const createdById = requireActor(actor).userId
  const { teamId, name, role } = parseInput(Input, input)
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    await requireRoom(tx, teamId)
    const id = newId('ServiceAccount')
    // Nobody has a mailbox there (RFC 2606), so that no password can be set for it.
    const user = { id: newUserId(id), name, email: `${id}@service-account.invalid`, isServiceAccount: true }
    await tx.user.create({ data: user })
    await tx.member.create({ data: { id: newId('Member'), teamId, userId: user.id, role } })
    const account = await tx.serviceAccount.create({ data: { id, teamId, userId: user.id, createdById } })
    return { ...account, name }
  })
}

function newUserId(id: string): string {
  return id.slice(id.indexOf('_') + 1)
}

async function requireRoom(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.serviceAccount.count({ where: { teamId, deletedAt: null } })) < MOST_A_TEAM) return
  throw new AppError('LIMIT_EXCEEDED', `A team has at most ${MOST_A_TEAM} service accounts; delete one.`)
}
