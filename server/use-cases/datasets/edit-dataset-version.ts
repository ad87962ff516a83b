import { DatasetEdit } from '../../../contract/dataset-edit.ts'
import { PackedDataset } from '../../../contract/packed-dataset.ts'
import type { DatasetVersion } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { enqueueImport } from './enqueue-import.ts'
import { insertNextVersion } from './new-version.ts'
import { permitVersion } from './permit-version.ts'

interface EditDatasetVersionInput {
  datasetVersionId: string
  edit: {
    drop?: unknown
    move?: unknown
    rename?: unknown
    subset?: { trainPerClass?: number | null; testPerClass?: number | null; seed?: number | null } | null
  }
}

/** Queues the making of the next version by an edit of one that is READY, which stays as it is. */
export async function editDatasetVersion(
  services: Services,
  actor: Actor | null,
  input: EditDatasetVersionInput,
): Promise<DatasetVersion> {
  const parent = await permitVersion(services, actor, input.datasetVersionId)
  const { drop, move, rename, subset } = input.edit
  const whole = {
    drop: drop ?? [],
    move: move ?? [],
    rename: rename ?? [],
    subset: subset
      ? {
          trainPerClass: subset.trainPerClass ?? null,
          testPerClass: subset.testPerClass ?? null,
          seed: subset.seed ?? 1,
        }
      : null,
  }
  const edit = parseInput(DatasetEdit, whole, ['edit'])
  refuseImpossible(parent, edit)
  const { teamId, datasetId, uploadId } = parent
  const version = await services.database.$transaction((tx) =>
    insertNextVersion(tx, { teamId, datasetId, uploadId, parentId: parent.id, edit }),
  )
  await enqueueImport(services, version.id)
  return version
}

/** What can be told at once is not left to the worker. */
function refuseImpossible(parent: DatasetVersion, edit: DatasetEdit): void {
  const path = ['datasetVersionId']
  if (parent.status !== 'READY')
    throw new AppError(
      'NOT_READY',
      `Version ${parent.number} is not READY; only such a one can be edited.`,
      path,
    )
  const manifest = PackedDataset.parse(parent.manifest)
  if (manifest.kind !== 'CLASSIFICATION')
    throw new AppError('INVALID_INPUT', 'Only datasets of classes can be edited; upload this one anew.', path)
  const missing = edit.rename.find(({ from }) => !manifest.classes.includes(from))
  if (missing) throw new AppError('INVALID_INPUT', `There is no class “${missing.from}”.`, ['edit', 'rename'])
  for (const part of ['drop', 'move'] as const) {
    for (const { split, indices } of edit[part]) {
      const { count } = manifest.splits[split]
      const beyond = indices.find((index) => index >= count)
      if (beyond !== undefined)
        throw new AppError(
          'INVALID_INPUT',
          `There is no picture ${beyond} in “${split}”, which has ${count}.`,
          ['edit', part],
        )
    }
  }
}
