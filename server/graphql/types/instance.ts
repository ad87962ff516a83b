import { permitAudit, readAudit } from '../../use-cases/audit/read-audit.ts'
import { readAllTeams } from '../../use-cases/instance/read-all-teams.ts'
import { readPeople } from '../../use-cases/instance/read-people.ts'
import { readUsage } from '../../use-cases/quotas/read-usage.ts'
import type { InstanceResolvers, InstanceTeamResolvers } from '../generated/resolvers.ts'

/** Only an administrator is given the instance, of which these are parts. */
export const Instance: InstanceResolvers = {
  people: (_, page, { services }) => readPeople(services.database, page),
  teams: (_, page, { services }) => readAllTeams(services.database, page),
  deviceHours: (_, range, { services }) => readUsage(services.database, null, range),
  async auditEvents(_, { filter, ...page }, { actor, services: { database } }) {
    await permitAudit(database, actor, 'INSTANCE')
    return readAudit(database, 'INSTANCE', filter ?? {}, page)
  },
}

export const InstanceTeam: InstanceTeamResolvers = {
  quotas: ({ id }, _, { loaders }) => loaders.quotasOfTeam.load(id),
}
