import type { DatasetVersion } from '../../../prisma/client.ts'
import { type Actor, requireRole } from '../../access/actor.ts'
import type { Services } from '../../services.ts'

/** A version, to a member who may change its team's things. @throws AppError as requireRole does */
export async function permitVersion(
  { database }: Services,
  actor: Actor | null,
  datasetVersionId: string,
): Promise<DatasetVersion> {
  const version = await database.datasetVersion.findUnique({ where: { id: datasetVersionId } })
  await requireRole(database, actor, {
    teamId: version?.teamId,
    atLeast: 'MEMBER',
    noun: 'dataset version',
    path: ['datasetVersionId'],
  })
  return version!
}
