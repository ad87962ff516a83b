import { permitAudit, readAudit } from '../../use-cases/audit/read-audit.ts'
import type { InstanceResolvers } from '../generated/resolvers.ts'

export const Instance: InstanceResolvers = {
  async auditEvents(_, { filter, ...page }, { actor, services: { database } }) {
    await permitAudit(database, actor, 'INSTANCE')
    return readAudit(database, 'INSTANCE', filter ?? {}, page)
  },
}
