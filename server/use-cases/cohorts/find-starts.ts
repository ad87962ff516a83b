import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { normalizedFor, StartingWeights } from '../../../contract/starting-weights.ts'
import type { Database } from '../../../prisma/client.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { AppError } from '../../errors.ts'
import { takeWeights } from './find-finished-students.ts'
import { takeGivenWeights } from './take-given-weights.ts'

interface WantedStudent {
  architecture: string
  startModelId?: string | null
  startWeightsId?: string | null
  frozenEpochs?: number | null
}

/**
 * Resolves what students begin with, by position.
 * @throws AppError if a model or a file belongs to another team, does not fit the student, or its weights are gone
 */
export async function findStarts(
  database: Database,
  storage: BlobStorage,
  teamId: string,
  students: readonly WantedStudent[],
): Promise<Map<number, StartingWeights>> {
  const found = new Map<number, StartingWeights>()
  for (const [position, student] of students.entries()) {
    const path = ['students', String(position)]
    requireOneSource(student, path)
    const start =
      student.startWeightsId == null
        ? await startOfModel(database, storage, teamId, students, position)
        : await takeGivenWeights({ database, storage }, teamId, student, [...path, 'startWeightsId'])
    if (start) found.set(position, { ...start, frozenEpochs: student.frozenEpochs ?? 0 })
  }
  return found
}

function requireOneSource({ startModelId, startWeightsId, frozenEpochs }: WantedStudent, path: string[]) {
  if (startModelId != null && startWeightsId != null)
    throw new AppError(
      'INVALID_INPUT',
      'A student begins with a model or with a file of weights: name one.',
      [...path, 'startWeightsId'],
    )
  if (frozenEpochs && startModelId == null && startWeightsId == null)
    throw new AppError(
      'INVALID_INPUT',
      'Nothing is frozen where nothing is begun with: name a startModelId or a startWeightsId.',
      [...path, 'frozenEpochs'],
    )
}

async function startOfModel(
  database: Database,
  storage: BlobStorage,
  teamId: string,
  students: readonly WantedStudent[],
  position: number,
): Promise<Omit<StartingWeights, 'frozenEpochs'> | null> {
  const taken = await takeWeights(database, storage, teamId, students, position, 'startModelId')
  if (!taken) return null
  const { model, sha256 } = taken
  const { run } = model
  const manifest = PackedDataset.parse(run.datasetVersion.manifest)
  const { channelMeans, channelDeviations } = normalizedFor(manifest, run.cohort.students.map(readStart))
  const name = `${model.student.name} of run ${run.number}`
  return {
    sha256,
    source: { name, sha256, form: 'MODEL', modelId: model.id, naming: 'Studyhall', licence: null },
    normalization: {
      means: channelMeans,
      deviations: channelDeviations.map((deviation) => deviation || 1),
    },
  }
}

function readStart({ start }: { start: unknown }) {
  return { start: start === null ? undefined : StartingWeights.parse(start) }
}
