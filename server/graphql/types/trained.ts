import { typeOfId } from '../../../contract/ids.ts'
import { readModelCard } from '../../blobs/model-card.ts'
import type { ExportResolvers, ModelAliasResolvers, TrainedResolvers } from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'

export const Trained: TrainedResolvers = {
  __resolveType: ({ id }) => (typeOfId(id) === 'Model' ? 'Model' : 'Ensemble'),
}

type Row = { id: string; runId: string }

/** What models and ensembles have alike. */
export const trainedFields = {
  run: ({ runId }: Row, _: unknown, { loaders }: Context) => loaders.run.load(runId),
  artifacts: ({ id }: Row, _: unknown, { loaders }: Context) => loaders.artifactsOf.load(id),
  exports: ({ id }: Row, _: unknown, { loaders }: Context) => loaders.exportsOf.load(id),
  aliases: ({ id }: Row, _: unknown, { loaders }: Context) => loaders.aliasesOf.load(id),
  async card({ id }: Row, _: unknown, { loaders, services }: Context) {
    const artifacts = await loaders.artifactsOf.load(id)
    return artifacts[0] ? readModelCard(services, artifacts[0]) : null
  },
}

export const ModelAlias: ModelAliasResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
  setBy: ({ setById }, _, { loaders }) => loaders.user.load(setById),
}

export const Export: ExportResolvers = {
  async artifact({ modelId, ensembleId, format, status }, _, { loaders }) {
    if (status !== 'READY') return null
    const artifacts = await loaders.artifactsOf.load((modelId ?? ensembleId)!)
    return artifacts.find((artifact) => artifact.format === format) ?? null
  },
}
