import type { ModelResolvers } from './generated/resolvers.ts'

export const Model: ModelResolvers = {
  student: ({ studentId }, _, { loaders }) => loaders.student.load(studentId),
  run: ({ runId }, _, { loaders }) => loaders.run.load(runId),
  artifacts: ({ id }, _, { loaders }) => loaders.artifactsOfModel.load(id),
}
