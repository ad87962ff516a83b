import type { Artifact, Database, Ensemble, Model, Run } from '../../../prisma/client.ts'
import { readModelCard } from '../../blobs/model-card.ts'
import type { Services } from '../../services.ts'
import { type SharedDataset, sharedDatasetOf, WITH_DATASET } from './shared-dataset.ts'
import { cardWithoutOrigins } from './without-origins.ts'

/** Source of the schema's SharedModel. */
export interface SharedModel {
  title: string
  isEnsemble: boolean
  dataset: SharedDataset
  parameters: number
  createdAt: Date
  scores: { name: string; value: number }[]
  card: string | null
  artifacts: Artifact[]
}

export async function readSharedModel(
  services: Pick<Services, 'database' | 'storage' | 'log'>,
  trained: Model | Ensemble,
  run: Run,
): Promise<SharedModel> {
  const { database } = services
  const isEnsemble = !('studentId' in trained)
  const own = isEnsemble ? { ensembleId: trained.id } : { modelId: trained.id }
  const [version, models, artifacts] = await Promise.all([
    database.datasetVersion.findUniqueOrThrow({
      where: { id: run.datasetVersionId },
      include: WITH_DATASET,
    }),
    readStudents(database, run.id),
    database.artifact.findMany({ where: own, orderBy: { format: 'asc' } }),
  ])
  const members = isEnsemble ? models : models.filter(({ id }) => id === trained.id)
  const names = members.map(({ student }) => student.name)
  const [only] = members
  const [first] = artifacts
  const card = first ? await readModelCard(services, first) : null
  return {
    title: isEnsemble
      ? `Ensemble of ${names.join(', ')}`
      : `${only?.student.name}, a ${only?.student.architecture}`,
    isEnsemble,
    dataset: sharedDatasetOf(version),
    parameters: members.reduce((sum, { parameters }) => sum + parameters, 0),
    createdAt: trained.createdAt,
    scores: scoresOf(trained),
    card: card && cardWithoutOrigins(card),
    artifacts,
  }
}

function readStudents(database: Database, runId: string) {
  return database.model.findMany({
    where: { runId },
    include: { student: true },
    orderBy: { student: { position: 'asc' } },
  })
}

function scoresOf(trained: Model | Ensemble): SharedModel['scores'] {
  const own =
    'studentId' in trained
      ? [{ name: 'Test accuracy', value: trained.top1 }]
      : [
          { name: 'Mean posterior', value: trained.meanPosteriorTop1 },
          { name: 'Concatenated features', value: trained.concatenatedFeaturesTop1 },
        ]
  return [
    ...own,
    { name: 'Mean average precision', value: trained.meanAveragePrecision },
    { name: 'Rank-1 accuracy', value: trained.rank1 },
  ].flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]))
}
