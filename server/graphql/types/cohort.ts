import type { CohortResolvers, StudentResolvers } from '../generated/resolvers.ts'

export const Cohort: CohortResolvers = {
  students: ({ id }, _, { loaders }) => loaders.studentsOfCohort.load(id),
  teaching: ({ method, updateRule, partnerRule, temperature, weight }) => ({
    method,
    updateRule,
    partnerRule,
    temperature,
    weight,
  }),
}

export const Student: StudentResolvers = {
  finishedModel: ({ finishedModelId }, _, { loaders }) =>
    finishedModelId === null ? null : loaders.model.load(finishedModelId),
}
