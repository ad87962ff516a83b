import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { Dataset, DatasetVersion } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'
import { enqueueImport } from './enqueue-import.ts'
import {
  hasWholeSize,
  insertNextVersion,
  requireImportable,
  WHOLE_SIZE,
  WISHES,
  type Wishes,
  wishesOfVersion,
} from './new-version.ts'

const Input = z
  .object({ teamId: z.string(), name: nameUpTo(NAME_LENGTHS.dataset), ...WISHES })
  .refine(hasWholeSize, WHOLE_SIZE)

interface CreateDatasetInput extends Wishes {
  teamId: string
  name: string
}

/** Makes a dataset with its first version of a finalized upload, and queues the import. */
export async function createDataset(
  services: Services,
  actor: Actor | null,
  input: CreateDatasetInput,
): Promise<Dataset> {
  const { database } = services
  await permit({ database, actor }, 'Team', input.teamId, 'MEMBER')
  const { userId } = requireActor(actor)
  const wanted = parseInput(Input, input)
  requireImportable(await database.upload.findUnique({ where: { id: wanted.uploadId } }), wanted)
  const { dataset, version } = await insertDataset(services, userId, wanted)
  await enqueueImport(services, version.id)
  return dataset
}

async function insertDataset(
  { database }: Services,
  createdById: string,
  { teamId, name, ...wishes }: z.output<typeof Input>,
): Promise<{ dataset: Dataset; version: DatasetVersion }> {
  try {
    return await inTransaction(database, async (tx) => {
      const dataset = await tx.dataset.create({ data: { id: newId('Dataset'), teamId, name } })
      const wanted = { datasetId: dataset.id, ...wishesOfVersion(wishes) }
      const version = await insertNextVersion(tx, { teamId, createdById, ...wanted })
      return { dataset, version }
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('CONFLICT', `The team has a dataset “${name}” already; choose another name.`, ['name'])
  }
}
