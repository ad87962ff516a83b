import type { DatasetVersion } from '../../../prisma/client.ts'
import { notifyDatasetVersion } from '../../../runs/notifications.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'

/** Ends an import; the worker sees within a second that the row is no longer IMPORTING. One that has ended stays as it is. */
export async function cancelImport(
  { database }: Services,
  actor: Actor | null,
  { datasetVersionId: id }: { datasetVersionId: string },
): Promise<DatasetVersion> {
  await permit({ database, actor }, 'DatasetVersion', id, 'MEMBER')
  return inTransaction(database, async (tx) => {
    await tx.datasetVersion.updateMany({
      where: { id, status: { in: ['PENDING', 'IMPORTING'] } },
      data: {
        status: 'FAILED',
        failure: 'The import was canceled. Import the upload again to have it after all.',
      },
    })
    await notifyDatasetVersion(tx, id)
    return tx.datasetVersion.findUniqueOrThrow({ where: { id } })
  })
}
