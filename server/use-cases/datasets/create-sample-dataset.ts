import { fileURLToPath } from 'node:url'
import { newId } from '../../../contract/ids.ts'
import type { Dataset } from '../../../prisma/client.ts'
import type { Blob } from '../../../storage/blob-storage.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { isUniqueViolation } from '../unique.ts'
import { countUploaded } from '../uploads/count-uploaded.ts'
import { enqueueImport } from './enqueue-import.ts'

interface Sample {
  name: string
  file: string
}

const SAMPLES = {
  FASHION_MNIST: { name: 'Fashion-MNIST sample', file: 'fashion-mnist-sample.zip' },
  OMNIGLOT: { name: 'Omniglot sample', file: 'omniglot-sample.zip' },
} as const satisfies Record<string, Sample>

type SampleName = keyof typeof SAMPLES

function pathOf({ file }: Sample): string {
  return fileURLToPath(new URL(`../../../samples/${file}`, import.meta.url))
}

/** The sample images as a dataset of the team. Where it has them already, that is the answer. */
export async function createSampleDataset(
  services: Services,
  actor: Actor | null,
  input: { teamId: string; sample?: SampleName | null },
): Promise<Dataset> {
  const { database, storage } = services
  const { teamId } = input
  await permit({ database, actor }, 'Team', teamId, 'MEMBER')
  const sample = SAMPLES[input.sample ?? 'FASHION_MNIST']
  const there = await findSample(services, teamId, sample)
  if (there) return importAgainWhereFailed(services, there, sample)
  const blob = await storage.putFile(pathOf(sample))
  try {
    const { dataset, versionId } = await insertSample(
      services,
      teamId,
      requireActor(actor).userId,
      sample,
      blob,
    )
    await enqueueImport(services, versionId)
    return dataset
  } catch (error) {
    // Somebody else of the team was quicker; theirs is the answer.
    const theirs = isUniqueViolation(error) && (await findSample(services, teamId, sample))
    if (theirs) return theirs
    throw error
  }
}

function findSample({ database }: Services, teamId: string, { name }: Sample): Promise<Dataset | null> {
  return database.dataset.findUnique({ where: { teamId_name: { teamId, name } } })
}

async function insertSample(
  { database }: Services,
  teamId: string,
  userId: string,
  { name, file }: Sample,
  blob: Blob,
) {
  const versionId = newId('DatasetVersion')
  const dataset = await inTransaction(database, async (tx) => {
    const upload = await tx.upload.create({
      data: {
        id: newId('Upload'),
        teamId,
        createdById: userId,
        fileName: file,
        byteLength: BigInt(blob.byteLength),
        status: 'FINALIZED',
        sha256: blob.sha256,
        finalizedAt: new Date(),
      },
    })
    await countUploaded(tx, teamId, BigInt(blob.byteLength))
    const made = await tx.dataset.create({ data: { id: newId('Dataset'), teamId, name } })
    await tx.datasetVersion.create({
      data: { id: versionId, teamId, datasetId: made.id, uploadId: upload.id, number: 1 },
    })
    return made
  })
  return { dataset, versionId }
}

/** An import that failed is tried again as another version, of the same bytes. */
async function importAgainWhereFailed(
  services: Services,
  dataset: Dataset,
  sample: Sample,
): Promise<Dataset> {
  const { database, storage } = services
  const newest = await database.datasetVersion.findFirst({
    where: { datasetId: dataset.id },
    orderBy: { number: 'desc' },
  })
  if (newest?.status !== 'FAILED') return dataset
  await storage.putFile(pathOf(sample))
  const { teamId, id: datasetId } = dataset
  const data = {
    id: newId('DatasetVersion'),
    teamId,
    datasetId,
    uploadId: newest.uploadId,
    number: newest.number + 1,
  }
  try {
    await database.datasetVersion.create({ data })
  } catch (error) {
    // Somebody else of the team asked for the same version at this moment.
    if (isUniqueViolation(error)) return dataset
    throw error
  }
  await enqueueImport(services, data.id)
  return dataset
}
