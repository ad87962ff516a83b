import { teachingOf } from '../../../contract/cohort.ts'
import { StartingWeights } from '../../../contract/starting-weights.ts'
import type { CohortResolvers, StudentResolvers } from '../generated/resolvers.ts'

export const Cohort: CohortResolvers = {
  students: ({ id }, _, { loaders }) => loaders.studentsOfCohort.load(id),
  teaching: (cohort) => teachingOf(cohort),
}

export const Student: StudentResolvers = {
  finishedModel: ({ finishedModelId }, _, { loaders }) =>
    finishedModelId === null ? null : loaders.model.load(finishedModelId),
  start: ({ start }) => {
    if (start === null) return null
    const { sha256, source, normalization, frozenEpochs } = StartingWeights.parse(start)
    const { means, deviations } = normalization ?? { means: [], deviations: [] }
    const { name, modelId = null, weightsId = null, origin = null, licence } = source
    const channels = { channelMeans: means, channelDeviations: deviations }
    return { name, modelId, weightsId, origin, sha256, licence, frozenEpochs, ...channels }
  },
}
