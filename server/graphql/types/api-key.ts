import { readBudget } from '../../use-cases/budgets/key-budget.ts'
import type { ApiKeyResolvers, ServiceAccountResolvers } from '../generated/resolvers.ts'

export const ApiKey: ApiKeyResolvers = {
  budget: (key, _, { services }) => readBudget(services.database, key),
  user: ({ userId }, _, { loaders }) => loaders.user.load(userId),
  createdBy: ({ createdById }, _, { loaders }) => loaders.user.load(createdById),
}

export const ServiceAccount: ServiceAccountResolvers = {
  name: async ({ userId }, _, { loaders }) => (await loaders.user.load(userId)).name,
  async role({ userId, teamId }, _, { services: { database } }) {
    const membership = { teamId_userId: { teamId, userId } }
    return (await database.member.findUniqueOrThrow({ where: membership })).role
  },
  user: ({ userId }, _, { loaders }) => loaders.user.load(userId),
  createdBy: ({ createdById }, _, { loaders }) => loaders.user.load(createdById),
}
