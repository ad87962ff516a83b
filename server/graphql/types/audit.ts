import { AUDIT_ACTIONS, type AuditAction } from '../../../contract/audit/actions.ts'
import type { AuditEventResolvers } from '../generated/resolvers.ts'

export const AuditEvent: AuditEventResolvers = {
  async actor({ actorKind: kind, actorId: id, keyId, keyName }, _, { loaders }) {
    const user = id === null ? null : await loaders.knownUser.load(id)
    return { kind, id, name: user?.name ?? null, email: user?.email ?? null, keyId, keyName }
  },
  // A row of a later version may have an action that this one has no words for.
  title: ({ action }) => AUDIT_ACTIONS[action as AuditAction] ?? action,
  async subject({ subjectType: type, subjectId: id, subjectName, subjectPath: path }, _, { loaders }) {
    if (type === null || id === null) return null
    const name = type === 'User' ? ((await loaders.knownUser.load(id))?.name ?? null) : subjectName
    return { type, id, name, path }
  },
  team: ({ teamId }, _, { loaders }) => (teamId === null ? null : loaders.knownTeam.load(teamId)),
}
