import type { Database, ShareLink } from '../../../prisma/client.ts'
import { type Actor, mayActAs, roleIn } from '../../access/actor.ts'
import { isNotOver } from './find-shared.ts'

/**
 * Links that can still be opened, the newest first: those of one thing for members, all of a team for its admins. A link
 * whose maker has left or may no longer share has ended, and is not among them.
 */
export async function readShareLinks(
  database: Database,
  actor: Actor | null,
  teamId: string,
  of: string | null,
): Promise<ShareLink[]> {
  const role = await roleIn(database, actor, teamId)
  if (!role || !mayActAs(role, of === null ? 'ADMIN' : 'MEMBER')) return []
  const subject = of !== null && {
    AND: [{ OR: [{ runId: of }, { experimentId: of }, { modelId: of }, { ensembleId: of }] }],
  }
  const makers = { members: { some: { teamId, role: { not: 'VIEWER' as const } } } }
  return database.shareLink.findMany({
    where: { teamId, ...isNotOver(), ...subject, createdBy: makers },
    orderBy: { id: 'desc' },
  })
}
