import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { EMAIL_LENGTH, INVITATION_HOURS, INVITATION_USES } from '../../../contract/limits.ts'
import type { Invitation, Role, Team, Transaction } from '../../../prisma/client.ts'
import { type Actor, mayActAs, requireActor, roleIn } from '../../access/actor.ts'
import { invitationLink, makeLinkToken } from '../../access/link-tokens.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import { writeInvitation } from '../../mail/letters.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { isPending } from './pending-invitations.ts'

const MOST_PENDING = 100
const MOST_A_DAY = 200
const HOUR_MS = 60 * 60 * 1000

const Input = z
  .object({
    teamId: z.string(),
    role: z.enum(['VIEWER', 'MEMBER', 'ADMIN', 'OWNER']),
    email: z.email('is no e-mail address').max(EMAIL_LENGTH).toLowerCase().nullish(),
    maxUses: z
      .int()
      .min(1, 'at least one')
      .max(INVITATION_USES.max, `at most ${INVITATION_USES.max}`)
      .nullish(),
    expiresInHours: z
      .int()
      .min(1, 'at least an hour')
      .max(INVITATION_HOURS.max, `at most ${INVITATION_HOURS.max} hours`)
      .nullish(),
  })
  .refine(({ email, maxUses }) => !email || (maxUses ?? 1) === 1, {
    path: ['maxUses'],
    error: 'an invitation for one address is used once',
  })

/** Invites whoever has the link, or one address, which gets a mail. The link is in the answer and nowhere else. */
export async function createInvitation(
  { database, outbox, config }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<{ invitation: Invitation; url: string }> {
  const team = await permit({ database, actor }, 'Team', input.teamId, 'ADMIN')
  const { userId } = requireActor(actor)
  const { role, email = null, maxUses, expiresInHours } = parseInput(Input, input)
  refuseAboveOwn(await roleIn(database, actor, team.id), role)
  const { token, hash } = makeLinkToken()
  const url = invitationLink(config.publicOrigin, token)
  const expiresAt = new Date(Date.now() + (expiresInHours ?? INVITATION_HOURS.usual) * HOUR_MS)
  const data = { id: newId('Invitation'), teamId: team.id, createdById: userId, role, email, hash, expiresAt }
  const invitation = await withLockedRow(database, 'Team', team.id, async (tx) => {
    await requireRoom(tx, team.id)
    if (email) await prepareFor(tx, team, email)
    const created = await tx.invitation.create({ data: { ...data, maxUses: maxUses ?? 1 } })
    const { name } = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    if (email) {
      const known = await tx.user.findUnique({ where: { email }, select: { timeZone: true } })
      const facts = { team: team.name, by: name, role, url, expiresAt, timeZone: known?.timeZone }
      await outbox.post(tx, email, writeInvitation(facts))
    }
    return created
  })
  return { invitation, url }
}

function refuseAboveOwn(own: Role | null, role: Role): void {
  if (own && mayActAs(own, role)) return
  throw new AppError('FORBIDDEN', `A ${own} invites nobody as ${role}.`, ['role'])
}

async function requireRoom(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.invitation.count({ where: { teamId, ...isPending(tx) } })) >= MOST_PENDING)
    throw new AppError('LIMIT_EXCEEDED', `A team has at most ${MOST_PENDING} open invitations; revoke some.`)
  const createdAt = { gt: new Date(Date.now() - 24 * HOUR_MS) }
  if ((await tx.invitation.count({ where: { teamId, createdAt } })) >= MOST_A_DAY)
    throw new AppError('LIMIT_EXCEEDED', `A team invites at most ${MOST_A_DAY} times a day; try tomorrow.`)
}

/** A new invitation for an address takes the place of an older one. */
async function prepareFor(tx: Transaction, { id: teamId, name }: Team, email: string): Promise<void> {
  const member = await tx.member.findFirst({
    where: { teamId, user: { email: { equals: email, mode: 'insensitive' } } },
  })
  if (member) throw new AppError('CONFLICT', `${email} is a member of ${name} already.`, ['email'])
  await tx.invitation.updateMany({
    where: { teamId, email, ...isPending(tx) },
    data: { revokedAt: new Date() },
  })
}
