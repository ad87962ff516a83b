import { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { Database, DatasetVersion } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'

/**
 * Checks that a cohort's finished model can teach on a dataset version: same classes, same normalisation of
 * images.
 * @throws AppError if it cannot
 */
export async function requireTeachable(
  database: Database,
  cohortId: string,
  version: DatasetVersion,
): Promise<void> {
  const teacher = await database.student.findFirst({
    where: { cohortId, finishedModelId: { not: null } },
    include: { finishedModel: { include: { run: { include: { datasetVersion: true } } } } },
  })
  if (!teacher?.finishedModel || version.status !== 'READY') return
  const learned = PackedDataset.parse(teacher.finishedModel.run.datasetVersion.manifest)
  const wanted = PackedDataset.parse(version.manifest)
  if (taskOf(learned) === taskOf(wanted)) return
  throw new AppError(
    'INVALID_INPUT',
    `The teacher ${teacher.name} is a finished model of other data: its classes or the statistics of its images differ. Choose the dataset version that it was trained on.`,
    ['datasetVersionId'],
  )
}

function taskOf({ classes, channelMeans, channelDeviations }: PackedDataset): string {
  return JSON.stringify([classes, channelMeans, channelDeviations])
}
