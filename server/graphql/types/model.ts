import type { ModelResolvers } from '../generated/resolvers.ts'
import { trainedFields } from './trained.ts'

export const Model: ModelResolvers = {
  ...trainedFields,
  student: ({ studentId }, _, { loaders }) => loaders.student.load(studentId),
}
