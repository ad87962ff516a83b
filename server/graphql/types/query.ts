import { ARCHITECTURE_FAMILIES } from '../../../contract/architectures.ts'
import { FORMAT_TITLES } from '../../../contract/dataset-formats.ts'
import { type IdType, typeOfId } from '../../../contract/ids.ts'
import { RECIPE_PRESETS, resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { findPermitted } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import { readSignIn } from '../../use-cases/account/read-sign-in.ts'
import { findDeviceRequest } from '../../use-cases/devices/find-device-request.ts'
import { readTemplates } from '../../use-cases/experiments/read-templates.ts'
import { readInstance } from '../../use-cases/instance/read-instance.ts'
import { readInvitation } from '../../use-cases/members/find-invitation.ts'
import { readShared } from '../../use-cases/sharing/read-shared.ts'
import { readSharedPreview } from '../../use-cases/sharing/read-shared-preview.ts'
import { readTeam } from '../../use-cases/teams/read-team.ts'
import { readPrices } from '../../use-cases/workers/device-prices.ts'
import { listWorkers } from '../../use-cases/workers/list-workers.ts'
import { readCapacity } from '../../use-cases/workers/read-capacity.ts'
import { readQueue } from '../../use-cases/workers/read-queue.ts'
import type { NodeResolvers, QueryResolvers, ResolversTypes } from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'

/** Null, too: the generated type of a list of promises has no room for it. */
type NodeSource = NonNullable<Awaited<ReturnType<typeof readNode>>>

const MAX_NODES = 100

export const Query: QueryResolvers = {
  viewer: (_, __, { actor }) => actor,
  node: (_, { id }, context) => readNode(context, id),
  nodes: (_, { ids }, context) => {
    if (ids.length > MAX_NODES) throw new AppError('LIMIT_EXCEEDED', `ids has at most ${MAX_NODES}.`, ['ids'])
    return ids.map((id) => readNode(context, id) as Promise<NodeSource>)
  },
  rateLimit: (_, __, { budget }) => budget,
  team: (_, { slug }, { actor, services: { database } }) => readTeam(database, actor, slug),
  invitation: (_, { token }, { actor, services }) => readInvitation(services.database, actor, token),
  deviceRequest: (_, { userCode }, { actor, services }) => findDeviceRequest(services, actor, userCode),
  signIn: (_, __, { services }) => readSignIn(services),
  shared: (_, { token, password }, { services, origin }) =>
    readShared(services, { token, password: password ?? null, address: origin.address }),
  sharedPreview: (_, { token }, { services }) => readSharedPreview(services, token),
  instance: (_, __, { actor, services }) => readInstance(services, actor),
  capacity: (_, { hours }, { actor, services: { database } }) => readCapacity(database, actor, hours ?? 24),
  queue: (_, __, { actor, services: { database } }) => readQueue(database, actor),
  devicePrices: (_, __, { actor, services: { database } }) => (actor ? readPrices(database) : []),
  workers: (_, __, { actor, services: { database } }) => listWorkers(database, actor),
  architectures: () =>
    Object.values(ARCHITECTURE_FAMILIES).flatMap(({ title, description, examples }) =>
      examples.map((name) => ({ name, title, description })),
    ),
  datasetFormats: () => Object.entries(FORMAT_TITLES).map(([name, title]) => ({ name, title })),
  experimentTemplates: () => readTemplates(),
  recipePresets: () =>
    (Object.keys(RECIPE_PRESETS) as (keyof typeof RECIPE_PRESETS)[]).map((name) => {
      const { title, description, overrides } = RECIPE_PRESETS[name]
      const whys = Object.entries(overrides).map(([key, { why }]) => ({ key, why }))
      return { name, title, description, recipe: resolveRecipe(name), overrides: whys }
    }),
}

/** These have an id but are no Nodes. */
type NodeName = Exclude<IdType, NoNode>
const NO_NODES = [
  'Member',
  'Mail',
  'Invitation',
  'ShareLink',
  'ServiceAccount',
  'AuditEvent',
  'TeamEvent',
  'Notice',
] as const
type NoNode = (typeof NO_NODES)[number]

const FOR_ADMINS: readonly IdType[] = ['ApiKey', 'Webhook', 'WebhookDelivery']

export const Node: NodeResolvers = {
  __resolveType: ({ id }) => typeOfId(id) as NodeName,
}

function isNode(type: IdType): type is NodeName {
  return !(NO_NODES as readonly IdType[]).includes(type)
}

/** Reads any node by id; null if it does not exist or the actor may not see it. */
async function readNode(
  { actor, services }: Context,
  id: string,
): Promise<Awaited<ResolversTypes['Node']> | null> {
  const type = typeOfId(id)
  if (!type || !isNode(type)) return null
  const asker = { database: services.database, actor }
  return findPermitted(asker, type, id, FOR_ADMINS.includes(type) ? 'ADMIN' : 'VIEWER')
}
