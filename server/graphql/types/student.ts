import type { StudentResolvers } from '../generated/resolvers.ts'

export const Student: StudentResolvers = {
  finishedModel: ({ finishedModelId }, _, { loaders }) =>
    finishedModelId === null ? null : loaders.model.load(finishedModelId),
}
