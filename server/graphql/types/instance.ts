import { permitAudit, readAudit } from '../../use-cases/audit/read-audit.ts'
import { readAllTeams } from '../../use-cases/instance/read-all-teams.ts'
import { readPeople } from '../../use-cases/instance/read-people.ts'
import { readQuotas } from '../../use-cases/quotas/read-quotas.ts'
import { readUsage } from '../../use-cases/quotas/read-usage.ts'
import type { InstanceResolvers } from '../generated/resolvers.ts'

const MOST_TEAMS = 200

/** Only an administrator is given the instance, of which these are parts. */
export const Instance: InstanceResolvers = {
  people: (_, page, { services }) => readPeople(services.database, page),
  teams: (_, page, { services }) => readAllTeams(services.database, page),
  async teamQuotas(_, __, { services: { database } }) {
    const teams = await database.team.findMany({
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take: MOST_TEAMS,
    })
    return Promise.all(teams.map(async (team) => ({ team, quotas: await readQuotas(database, team) })))
  },
  deviceHours: (_, range, { services }) => readUsage(services.database, null, range),
  async auditEvents(_, { filter, ...page }, { actor, services: { database } }) {
    await permitAudit(database, actor, 'INSTANCE')
    return readAudit(database, 'INSTANCE', filter ?? {}, page)
  },
}
