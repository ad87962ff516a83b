import { randomBytes } from 'node:crypto'
import type { Teaching } from '../../contract/cohort.ts'
import { newId } from '../../contract/ids.ts'
import { resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import type { Database } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { packDataset } from '../../workers/datasets/pack/pack.ts'

/** Writes the rows that the server would, so that the workers' tests need no server. */
export interface TestTeam {
  teamId: string
  userId: string
}

export async function createTeam(database: Database): Promise<TestTeam> {
  const teamId = newId('Team')
  const userId = randomBytes(8).toString('hex')
  await database.user.create({ data: { id: userId, name: 'Ada', email: `${userId}@example.org` } })
  await database.team.create({ data: { id: teamId, slug: `team-${userId}`, name: 'Team' } })
  return { teamId, userId }
}

/** A PENDING version of a new dataset, of an archive that is put into the storage. */
export async function createVersion(
  database: Database,
  { teamId, userId }: TestTeam,
  storage: BlobStorage,
  archive: string,
): Promise<string> {
  const { sha256, byteLength } = await storage.putFile(archive)
  const uploadId = newId('Upload')
  await database.upload.create({
    data: {
      id: uploadId,
      teamId,
      createdById: userId,
      fileName: 'pictures.zip',
      byteLength,
      status: 'FINALIZED',
      sha256,
      finalizedAt: new Date(),
    },
  })
  const datasetId = newId('Dataset')
  await database.dataset.create({ data: { id: datasetId, teamId, name: datasetId } })
  const id = newId('DatasetVersion')
  await database.datasetVersion.create({ data: { id, teamId, datasetId, uploadId, number: 1 } })
  return id
}

/** A READY version, packed at once and not by a job. */
export async function createReadyVersion(
  database: Database,
  team: TestTeam,
  storage: BlobStorage,
  archive: string,
): Promise<string> {
  const id = await createVersion(database, team, storage, archive)
  const { manifest, report } = await packDataset(archive, storage)
  await database.datasetVersion.update({
    where: { id },
    data: { status: 'READY', manifest, report, readyAt: new Date() },
  })
  return id
}

export interface RunWish {
  architectures?: string[]
  overrides?: object
  teaching?: Partial<Teaching>
  seed?: number
  /** For workers that bear it alone. */
  label?: string
}

/** A QUEUED run of a new cohort; two ResNet-8 for one epoch, where nothing else is wished. */
export async function createRun(
  database: Database,
  { teamId, userId }: TestTeam,
  datasetVersionId: string,
  {
    architectures = ['resnet-8', 'resnet-8'],
    overrides = { epochs: 1 },
    teaching = {},
    seed = 1,
    label,
  }: RunWish = {},
): Promise<string> {
  const cohortId = newId('Cohort')
  await database.cohort.create({
    data: {
      id: cohortId,
      teamId,
      name: cohortId,
      method: teaching.method ?? 'MUTUAL',
      updateRule: teaching.updateRule ?? 'SIMULTANEOUS',
      temperature: 1,
      weight: 1,
      students: {
        create: architectures.map((architecture, position) => ({
          id: newId('Student'),
          position,
          name: `student-${position + 1}`,
          architecture,
        })),
      },
    },
  })
  const id = newId('Run')
  const team = await database.team.update({
    where: { id: teamId },
    data: { lastRunNumber: { increment: 1 } },
  })
  const recipe = resolveRecipe('quick', { schedule: { kind: 'CONSTANT' }, batchSize: 16, ...overrides })
  await database.run.create({
    data: {
      id,
      teamId,
      number: team.lastRunNumber,
      cohortId,
      datasetVersionId,
      createdById: userId,
      preset: 'quick',
      recipe,
      seed,
      label: label ?? null,
    },
  })
  return id
}
