import type { ViewerResolvers } from '../generated/resolvers.ts'

export const Viewer: ViewerResolvers = {
  user: ({ userId }, _, { loaders }) => loaders.user.load(userId),
  teams: (actor, _, { services }) =>
    services.database.team.findMany({
      where: {
        id: actor.kind === 'apiKey' ? actor.teamId : undefined,
        members: { some: { userId: actor.userId } },
      },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
}
