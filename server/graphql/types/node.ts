import { type IdType, typeOfId } from '../../../contract/ids.ts'
import { findPermitted } from '../../access/permit.ts'
import type { NodeResolvers, ResolversTypes } from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'

type NodeRow = Awaited<ResolversTypes['Node']>

/** Anything by its id; null where there is none, and where the actor may not see it. A membership is no Node. */
export async function readNode({ actor, services }: Context, id: string): Promise<NodeRow | null> {
  const type = typeOfId(id)
  if (!type || type === 'Member') return null
  const asker = { database: services.database, actor }
  return findPermitted(asker, type, id, type === 'ApiKey' ? 'ADMIN' : 'VIEWER')
}

export const Node: NodeResolvers = {
  __resolveType: ({ id }) => typeOfId(id) as Exclude<IdType, 'Member'>,
}
