import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import type { Dataset, Upload } from '../../../prisma/client.ts'
import { type Actor, requireRole } from '../../access/actor.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'
import { enqueueImport } from './enqueue-import.ts'

const Pixels = z.int().min(8, 'at least 8 pixels').max(512, 'at most 512 pixels').nullish()

const Input = z
  .object({
    teamId: z.string(),
    name: nameUpTo(120),
    uploadId: z.string(),
    height: Pixels,
    width: Pixels,
    channels: z.union([z.literal(1), z.literal(3)], { error: '1 for grey or 3 for colour' }).nullish(),
  })
  .refine((input) => (input.height == null) === (input.width == null), {
    path: ['height'],
    error: 'height and width go together: give both, or neither',
  })

interface CreateDatasetInput {
  teamId: string
  name: string
  uploadId: string
  height?: number | null
  width?: number | null
  channels?: number | null
}

/** Makes a dataset with its first version of a finalized upload, and queues the import. */
export async function createDataset(
  services: Services,
  actor: Actor | null,
  input: CreateDatasetInput,
): Promise<Dataset> {
  const { database } = services
  await requireRole(database, actor, {
    teamId: input.teamId,
    atLeast: 'MEMBER',
    noun: 'team',
    path: ['teamId'],
  })
  const wanted = parseInput(Input, input)
  requireFinalized(await database.upload.findUnique({ where: { id: wanted.uploadId } }), wanted.teamId)
  const versionId = newId('DatasetVersion')
  const dataset = await insertDataset(services, wanted, versionId)
  await enqueueImport(services, versionId)
  return dataset
}

function requireFinalized(upload: Upload | null, teamId: string): void {
  if (upload?.teamId !== teamId) throw notFound('upload', ['uploadId'])
  if (upload.status === 'FINALIZED') return
  throw new AppError(
    'NOT_READY',
    'The upload is not finalized. Send all of its bytes, call finalizeUpload, then this.',
    ['uploadId'],
  )
}

async function insertDataset(
  { database }: Services,
  { teamId, name, uploadId, height, width, channels }: z.output<typeof Input>,
  versionId: string,
): Promise<Dataset> {
  try {
    return await database.$transaction(async (tx) => {
      const dataset = await tx.dataset.create({ data: { id: newId('Dataset'), teamId, name } })
      const size = { wantedHeight: height, wantedWidth: width, wantedChannels: channels }
      await tx.datasetVersion.create({
        data: { id: versionId, teamId, datasetId: dataset.id, uploadId, number: 1, ...size },
      })
      return dataset
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('CONFLICT', `The team has a dataset “${name}” already; choose another name.`, ['name'])
  }
}
