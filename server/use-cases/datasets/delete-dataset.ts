import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { describeRuns } from './delete-dataset-version.ts'
import { forgetUnusedUploads } from './forget-unused-uploads.ts'

/** Deletes a dataset with all of its versions, where no run was trained on any. */
export async function deleteDataset(
  { database }: Services,
  actor: Actor | null,
  { datasetId: id }: { datasetId: string },
): Promise<string> {
  const { teamId } = await permit({ database, actor }, 'Dataset', id, 'MEMBER')
  return inTransaction(database, async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Dataset" WHERE id = ${id} FOR UPDATE`
    await tx.$queryRaw`SELECT id FROM "DatasetVersion" WHERE "datasetId" = ${id} FOR UPDATE`
    const runs = await tx.run.findMany({
      where: { datasetVersion: { datasetId: id } },
      orderBy: { number: 'asc' },
      take: 6,
    })
    if (runs.length > 0)
      throw new AppError(
        'CONFLICT',
        `${describeRuns(runs)} trained on this dataset, which is kept with them.`,
        ['datasetId'],
      )
    const { count } = await tx.dataset.deleteMany({ where: { id } })
    if (count > 0) await forgetUnusedUploads(tx, teamId)
    return id
  })
}
