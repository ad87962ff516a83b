import type { EnsembleResolvers } from '../generated/resolvers.ts'
import { trainedFields } from './trained.ts'

export const Ensemble: EnsembleResolvers = {
  ...trainedFields,
  async parameters({ runId }, _, { loaders }) {
    const models = await loaders.modelsOfRun.load(runId)
    return models.reduce((sum, { parameters }) => sum + parameters, 0)
  },
}
