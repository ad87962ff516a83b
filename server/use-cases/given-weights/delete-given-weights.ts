import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { forgetUnusedUploads } from '../datasets/forget-unused-uploads.ts'
import { withLockedRow } from '../with-locked-row.ts'

/**
 * Deletes a file of weights. Cohorts that begin with it keep what their students read, so that their runs can be repeated;
 * no other cohort can begin with it any more.
 */
export async function deleteGivenWeights(
  { database }: Services,
  actor: Actor | null,
  { givenWeightsId: id }: { givenWeightsId: string },
): Promise<string> {
  const { teamId, uploadId } = await permit({ database, actor }, 'GivenWeights', id, 'MEMBER')
  // Whoever takes up the same upload, or the name, at this moment waits.
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const { count } = await tx.givenWeights.deleteMany({ where: { id } })
    if (count > 0) await forgetUnusedUploads(tx, teamId, uploadId)
    return id
  })
}
