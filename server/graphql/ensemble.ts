import type { EnsembleResolvers } from './generated/resolvers.ts'

export const Ensemble: EnsembleResolvers = {
  run: ({ runId }, _, { loaders }) => loaders.run.load(runId),
  artifacts: ({ id }, _, { loaders }) => loaders.artifactsOfEnsemble.load(id),
}
