import type { TeamQueueResolvers } from '../generated/resolvers.ts'

export const TeamQueue: TeamQueueResolvers = {
  async team({ teamId }, _, { loaders }) {
    const team = teamId === null ? null : await loaders.knownTeam.load(teamId)
    return team && { id: team.id, name: team.name, slug: team.slug }
  },
}
