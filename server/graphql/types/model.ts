import { typeOfId } from '../../../contract/ids.ts'
import { readModelCard } from '../../blobs/model-card.ts'
import type {
  EnsembleResolvers,
  ExportResolvers,
  ModelAliasResolvers,
  ModelResolvers,
  TrainedModelResolvers,
} from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'

export const TrainedModel: TrainedModelResolvers = {
  __resolveType: ({ id }) => (typeOfId(id) === 'Model' ? 'Model' : 'Ensemble'),
}

type Row = { id: string; runId: string }

/** Resolvers shared by models and ensembles. */
const sharedFields = {
  run: ({ runId }: Row, _: unknown, { loaders }: Context) => loaders.run.load(runId),
  artifacts: ({ id }: Row, _: unknown, { loaders }: Context) => loaders.artifactsOf.load(id),
  exports: ({ id }: Row, _: unknown, { loaders }: Context) => loaders.exportsOf.load(id),
  aliases: ({ id }: Row, _: unknown, { loaders }: Context) => loaders.aliasesOf.load(id),
  async card({ id }: Row, _: unknown, { loaders, services }: Context) {
    const [artifact] = await loaders.artifactsOf.load(id)
    return artifact ? readModelCard(services, artifact) : null
  },
}

export const Model: ModelResolvers = {
  ...sharedFields,
  student: ({ studentId }, _, { loaders }) => loaders.student.load(studentId),
}

export const Ensemble: EnsembleResolvers = {
  ...sharedFields,
  async parameters({ runId }, _, { loaders }) {
    const models = await loaders.modelsOfRun.load(runId)
    return models.reduce((sum, { parameters }) => sum + parameters, 0)
  },
}

export const ModelAlias: ModelAliasResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
  setBy: ({ setById }, _, { loaders }) => loaders.user.load(setById),
}

export const Export: ExportResolvers = {
  async artifact({ modelId, ensembleId, format, status }, _, { loaders }) {
    const owner = modelId ?? ensembleId
    if (status !== 'READY' || owner === null) return null
    const artifacts = await loaders.artifactsOf.load(owner)
    return artifacts.find((artifact) => artifact.format === format) ?? null
  },
}
