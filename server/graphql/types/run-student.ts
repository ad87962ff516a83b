import type { RunStudentResolvers } from '../generated/resolvers.ts'
import type { Mappers } from '../mappers.ts'
import type { Context } from '../transport/context.ts'

export const RunStudent: RunStudentResolvers = {
  student: ({ student }) => student,
  lastLoss: async (parent, _, context) => (await numbersOf(parent, context))?.lastLoss ?? null,
  lastTrainTop1: async (parent, _, context) => (await numbersOf(parent, context))?.lastTrainTop1 ?? null,
  lastTestTop1: async (parent, _, context) => (await numbersOf(parent, context))?.lastTestTop1 ?? null,
  bestTestTop1: async (parent, _, context) => (await numbersOf(parent, context))?.bestTestTop1 ?? null,
  lastTestMap: async (parent, _, context) => (await numbersOf(parent, context))?.lastTestMap ?? null,
  bestTestMap: async (parent, _, context) => (await numbersOf(parent, context))?.bestTestMap ?? null,
}

async function numbersOf({ run, student }: Mappers['RunStudent'], { loaders }: Context) {
  return (await loaders.numbersOfRun.load(run.id)).get(student.position)
}
