import { findEditProblem } from '../../../contract/edits/check-edit.ts'
import { DatasetEdit } from '../../../contract/edits/dataset-edit.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { DatasetVersion } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { readPictureNumbers } from '../../blobs/picture-numbers.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { enqueueImport } from './enqueue-import.ts'
import { insertNextVersion } from './new-version.ts'

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
  const { database } = services
  const parent = await permit({ database, actor }, 'DatasetVersion', input.datasetVersionId, 'MEMBER')
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
  await refuseImpossible(services, parent, edit)
  const { teamId, datasetId, uploadId } = parent
  const { userId: createdById } = requireActor(actor)
  const version = await inTransaction(database, (tx) =>
    insertNextVersion(tx, { teamId, datasetId, uploadId, createdById, parentId: parent.id, edit }),
  )
  await enqueueImport(services, version.id)
  return version
}

/** What can be told at once is not left to the worker. */
async function refuseImpossible(
  { storage }: Services,
  parent: DatasetVersion,
  edit: DatasetEdit,
): Promise<void> {
  const path = ['datasetVersionId']
  if (parent.status !== 'READY')
    throw new AppError(
      'NOT_READY',
      `Version ${parent.number} is not READY; only such a one can be edited.`,
      path,
    )
  const manifest = PackedDataset.parse(parent.manifest)
  const numbers = await readPictureNumbers(storage, manifest)
  if (!numbers)
    throw new AppError('NOT_READY', 'The version’s files are no longer in the storage. Upload it anew.', path)
  const problem = findEditProblem(manifest, numbers, edit)
  if (problem) throw new AppError('INVALID_INPUT', problem.message, ['edit', problem.part])
}
