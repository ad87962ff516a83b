import { type IdType, typeOfId } from '../../../contract/ids.ts'
import type { Database, Role } from '../../../prisma/client.ts'
import { mayActAs, roleIn } from '../../access/actor.ts'
import type { NodeResolvers, ResolversTypes } from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'

type NodeRow = Awaited<ResolversTypes['Node']>

/** How each kind of thing is found, and what a member must be to see it. A membership is no Node. */
const NODES: Record<Exclude<IdType, 'Member'>, { find: Finder; atLeast: Role }> = {
  Team: { find: (db, id) => db.team.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  ApiKey: { find: (db, id) => db.apiKey.findUnique({ where: { id } }), atLeast: 'ADMIN' },
  Upload: { find: (db, id) => db.upload.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Dataset: { find: (db, id) => db.dataset.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  DatasetVersion: { find: (db, id) => db.datasetVersion.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Cohort: { find: (db, id) => db.cohort.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Student: { find: (db, id) => db.student.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Run: { find: (db, id) => db.run.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Model: { find: (db, id) => db.model.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Ensemble: { find: (db, id) => db.ensemble.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Export: { find: (db, id) => db.export.findUnique({ where: { id } }), atLeast: 'VIEWER' },
  Artifact: { find: (db, id) => db.artifact.findUnique({ where: { id } }), atLeast: 'VIEWER' },
}

type Finder = (database: Database, id: string) => Promise<NodeRow | null>

/** Anything by its id; null where there is none, and where the actor may not see it. */
export async function readNode({ actor, services }: Context, id: string): Promise<NodeRow | null> {
  const type = typeOfId(id)
  if (!actor || !type || type === 'Member') return null
  const { find, atLeast } = NODES[type]
  const row = await find(services.database, id)
  if (!row) return null
  const role = await roleIn(services.database, actor, 'teamId' in row ? row.teamId : row.id)
  return role && mayActAs(role, atLeast) ? row : null
}

export const Node: NodeResolvers = {
  __resolveType: ({ id }) => typeOfId(id) as Exclude<IdType, 'Member'>,
}
