import type { CohortResolvers } from '../generated/resolvers.ts'

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
