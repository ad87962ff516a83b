import type * as rows from '../../../prisma/client.ts'
import { mayActAs } from '../../access/actor.ts'
import { hashLinkToken } from '../../access/link-tokens.ts'

const WITH_SUBJECT = {
  team: true,
  run: true,
  experiment: true,
  model: { include: { run: true } },
  ensemble: { include: { run: true } },
} satisfies rows.Prisma.ShareLinkInclude

export type FoundLink = rows.Prisma.ShareLinkGetPayload<{ include: typeof WITH_SUBJECT }>

/** Of links that were not revoked and have not expired. */
export function isNotOver(): rows.Prisma.ShareLinkWhereInput {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }
}

/**
 * The link that a token is of, with what it shows; null where it is revoked or over, where what it shows is archived, where
 * its team is about to be deleted, or where whoever made it may no longer share.
 */
export async function findShared(database: rows.Database, token: string): Promise<FoundLink | null> {
  const hash = hashLinkToken(token)
  if (!hash) return null
  const link = await database.shareLink.findFirst({ where: { hash, ...isNotOver() }, include: WITH_SUBJECT })
  if (!link || link.team.deletionDueAt) return null
  const run = link.run ?? link.model?.run ?? link.ensemble?.run
  if (run?.archivedAt) return null
  const { teamId, createdById: userId } = link
  const maker = await database.member.findFirst({ where: { teamId, userId, user: { suspendedAt: null } } })
  return maker && mayActAs(maker.role, 'MEMBER') ? link : null
}
