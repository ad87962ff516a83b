import type { CohortResolvers } from './generated/resolvers.ts'

export const Cohort: CohortResolvers = {
  students: ({ id }, _, { loaders }) => loaders.studentsOfCohort.load(id),
  teaching: ({ method, updateRule, temperature, weight }) => ({ method, updateRule, temperature, weight }),
}
