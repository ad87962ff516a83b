import { z } from 'zod'
import type { DatasetVersion } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
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

const Input = z.object({ datasetId: z.string(), ...WISHES }).refine(hasWholeSize, WHOLE_SIZE)

interface CreateDatasetVersionInput extends Wishes {
  datasetId: string
}

/** Makes the next version of a dataset, of another upload, and queues its import; earlier ones stay as they are. */
export async function createDatasetVersion(
  services: Services,
  actor: Actor | null,
  input: CreateDatasetVersionInput,
): Promise<DatasetVersion> {
  const { database } = services
  const { teamId } = await permit({ database, actor }, 'Dataset', input.datasetId, 'MEMBER')
  const { userId: createdById } = requireActor(actor)
  const { datasetId, ...wishes } = parseInput(Input, input)
  const { uploadId, format } = wishes
  requireImportable(await database.upload.findUnique({ where: { id: uploadId } }), { teamId, format })
  const version = await inTransaction(database, async (tx) => {
    const before = await tx.datasetVersion.findFirst({
      where: { datasetId, status: 'READY' },
      orderBy: { number: 'desc' },
    })
    const wanted = wishesOfVersion(wishes)
    return insertNextVersion(tx, { teamId, datasetId, createdById, parentId: before?.id ?? null, ...wanted })
  })
  await enqueueImport(services, version.id)
  return version
}
