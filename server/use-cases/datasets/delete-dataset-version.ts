import type { Transaction } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { forgetUnusedUploads } from './forget-unused-uploads.ts'

/** Deletes a version that nothing needs. Its blobs go when nothing names them any longer. */
export async function deleteDatasetVersion(
  { database }: Services,
  actor: Actor | null,
  { datasetVersionId: id }: { datasetVersionId: string },
): Promise<string> {
  const { teamId, datasetId } = await permit({ database, actor }, 'DatasetVersion', id, 'MEMBER')
  return inTransaction(database, async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Dataset" WHERE id = ${datasetId} FOR UPDATE`
    await tx.$queryRaw`SELECT id FROM "DatasetVersion" WHERE id = ${id} FOR UPDATE`
    await refuseUsed(tx, id)
    const { count } = await tx.datasetVersion.deleteMany({ where: { id } })
    if (count > 0) await forgetUnusedUploads(tx, teamId)
    return id
  })
}

async function refuseUsed(tx: Transaction, id: string): Promise<void> {
  const path = ['datasetVersionId']
  const runs = await tx.run.findMany({ where: { datasetVersionId: id }, orderBy: { number: 'asc' }, take: 6 })
  if (runs.length > 0)
    throw new AppError(
      'CONFLICT',
      `${describeRuns(runs)} trained on this version, which is kept with them.`,
      path,
    )
  const child = await tx.datasetVersion.findFirst({ where: { parentId: id }, orderBy: { number: 'asc' } })
  if (child)
    throw new AppError(
      'CONFLICT',
      `Version ${child.number} was made of this one; delete that one first.`,
      path,
    )
}

/** “Run 3 was”, “Runs 3, 4 and more were”. @param runs at most 6, of which 5 are named */
export function describeRuns(runs: readonly { number: number }[]): string {
  const numbers = runs.slice(0, 5).map(({ number }) => number)
  if (runs.length === 1) return `Run ${numbers[0]} was`
  return `Runs ${numbers.join(', ')}${runs.length > 5 ? ' and more' : ''} were`
}
