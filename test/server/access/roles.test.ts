import { type GraphQLInputObjectType, type GraphQLObjectType, getNamedType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { KEY_SCOPES, type KeyScope } from '../../../contract/key-scopes.ts'
import { OPERATION_SCOPES } from '../../../server/access/scopes.ts'
import { createSchema } from '../../../server/graphql/schema.ts'
import { makeKey } from '../make-key.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertEverything, type TeamIdType } from './everything.ts'
import { inputFor, typeNamed } from './made-inputs.ts'

/**
 * Who may call what, in one table: the least role in the team whose things a mutation names. A mutation that is added to
 * the schema has to be added here, and the scope that a key needs for it to server/access/scopes.ts.
 */
const ROLES = ['VIEWER', 'MEMBER', 'ADMIN', 'OWNER'] as const
type TeamRole = (typeof ROLES)[number]
const AS: Record<TeamRole, string[]> = {
  VIEWER: ['createDownload', 'leaveTeam', 'followRun'],
  MEMBER: [
    ...['createUpload', 'cancelUpload', 'finalizeUpload', 'createDataset', 'createDatasetVersion'],
    ...['editDatasetVersion', 'cancelImport', 'deleteDatasetVersion', 'deleteDataset', 'createSampleDataset'],
    ...['createGivenWeights', 'updateGivenWeights', 'deleteGivenWeights'],
    ...['createCohort', 'startRun', 'cancelRun', 'pauseRun', 'resumeRun', 'retryRun', 'cloneRun'],
    'forkRun',
    ...['setRunPriority', 'explainRun', 'createExport', 'setModelAlias', 'removeModelAlias'],
    ...['startExperiment', 'addExperimentSeeds', 'cancelExperiment'],
    ...['updateRun', 'deleteRun', 'cancelRuns', 'tagRuns', 'archiveRuns'],
    ...['saveRunView', 'deleteRunView', 'setDefaultRunView'],
    ...['createShareLink', 'revokeShareLink'],
  ],
  ADMIN: [
    ...[
      'approveDevice',
      'createApiKey',
      'revokeApiKey',
      'createInvitation',
      'revokeInvitation',
      'changeMemberRole',
    ],
    ...[
      'removeMember',
      'renameTeam',
      'createWebhook',
      'updateWebhook',
      'deleteWebhook',
      'rotateWebhookSecret',
    ],
    ...['sendTestEvent', 'replayDelivery'],
    ...['createServiceAccount', 'deleteServiceAccount'],
  ],
  OWNER: ['changeTeamAddress', 'deleteTeam', 'keepTeam', 'handOverTeam'],
}
/** Of a person and no team, or of the instance. */
const OF_NO_TEAM = [
  'setTeamQuota',
  ...['createTeam', 'acceptInvitation', 'deleteAccount', 'sendTrialMail'],
  ...['denyDevice', 'markNoticesRead', 'chooseNotices', 'setPushSubscription'],
  ...['setAdministrator', 'suspendPerson', 'reactivatePerson', 'drainWorker', 'resumeWorker'],
  'setDevicePrice',
]

const schema = createSchema()
const mutations = Object.values(schema.getMutationType()!.getFields())
const subscriptions = Object.values(schema.getSubscriptionType()!.getFields())

let server: TestServer
let owner: Person
let ids: Record<TeamIdType, string>
let asked: Record<TeamRole | 'REMOVED', Api>
/** A key of the owner with each scope, and READ, which every key has. */
let keys: Record<KeyScope, Api>
beforeAll(async () => {
  server = await startTestServer()
  await server.signUp('Administrator')
  owner = await server.signUp('Owner')
  ids = await insertEverything(server, owner)
  const join = async (role: TeamRole) => {
    const { api, userId } = await server.signUp(role)
    const member = { id: newId('Member'), teamId: owner.teamId, userId, role }
    await server.database.member.create({ data: member })
    return { api, member }
  }
  const [viewer, member, admin] = [await join('VIEWER'), await join('MEMBER'), await join('ADMIN')]
  const removed = await join('ADMIN')
  await owner.api.mutate('removeMember', { memberId: removed.member.id })
  // Whom they change: not the owner, whom an admin may not.
  ids.Member = (await join('MEMBER')).member.id
  const keyWith = async (scope: KeyScope) =>
    new Api(server.url, { authorization: `Bearer ${await makeKey(owner, [scope])}` })
  const [READ, RUN, UPLOAD, ADMIN] = await Promise.all(KEY_SCOPES.map(keyWith))
  keys = { READ: READ!, RUN: RUN!, UPLOAD: UPLOAD!, ADMIN: ADMIN! }
  asked = { VIEWER: viewer.api, MEMBER: member.api, ADMIN: admin.api, OWNER: owner.api, REMOVED: removed.api }
})
afterAll(() => server.stop())

/** How a mutation is refused, whose input names things of the owner's team; undefined where it is done. */
async function refusal(api: Api, name: string): Promise<string | undefined> {
  return (await ask(api, name))?.code
}

async function ask(api: Api, name: string): Promise<{ code: string; message: string } | undefined> {
  const { args } = mutations.find((mutation) => mutation.name === name)!
  const type = getNamedType(args[0]!.type) as GraphQLInputObjectType
  const { errors } = await api.mutate(
    name,
    inputFor(type, name, (kind) => ids[kind]),
  )
  return errors[0]
}
const NOT_THEIRS = ['UNAUTHENTICATED', 'FORBIDDEN']

it('the table has every mutation of the schema, once', () => {
  const listed = [...Object.values(AS).flat(), ...OF_NO_TEAM]
  expect(listed.toSorted()).toEqual(mutations.map(({ name }) => name).toSorted())
})

// Who is refused first: what is done changes what is there.
describe('row 36: every mutation', () => {
  const ofTeam = mutations.map(({ name }) => name).filter((name) => !OF_NO_TEAM.includes(name))

  it.each(mutations.map(({ name }) => name))('%s is nothing for whoever is not signed in', async (name) => {
    expect(await refusal(new Api(server.url), name)).toBe('UNAUTHENTICATED')
  })

  it.each(ofTeam)('%s finds nothing for a member who was removed', async (name) => {
    expect(await refusal(asked.REMOVED, name)).toBe('NOT_FOUND')
  })

  it.each(mutations.map(({ name }) => name))('%s is for no key that lacks its scope', async (name) => {
    const needed = OPERATION_SCOPES.Mutation[name]!
    for (const scope of KEY_SCOPES.filter((each) => each !== needed && needed !== 'READ')) {
      const { code, message } = (await ask(keys[scope], name))!
      const said =
        needed === 'PERSON' ? 'no API key may do it' : `lacks the scope ${needed}, which ${name} takes`
      expect([scope, code, message]).toEqual([scope, 'FORBIDDEN', expect.stringContaining(said)])
    }
  })

  for (const [k, role] of ROLES.entries()) {
    const above = ROLES.slice(k + 1).flatMap((higher) => AS[higher])
    if (above.length > 0)
      it.each(above)(`%s is refused to a ${role}`, async (name) => {
        expect(await refusal(asked[role], name)).toBe('FORBIDDEN')
      })
  }

  for (const scope of KEY_SCOPES)
    it.each(mutations.map(({ name }) => name).filter((name) => OPERATION_SCOPES.Mutation[name] === scope))(
      `%s is not refused to a key with ${scope}`,
      async (name) => {
        expect(NOT_THEIRS).not.toContain(await refusal(keys[scope], name))
      },
    )

  // The owner last, who may delete the team; whoever leaves does so at the end.
  for (const role of ROLES)
    it.each(AS[role].filter((name) => name !== 'leaveTeam'))(
      `%s is not refused to a ${role}`,
      async (name) => {
        expect(NOT_THEIRS).not.toContain(await refusal(asked[role], name))
      },
    )
})

it.each(['Query', 'Mutation', 'Subscription'] as const)(
  'each %s says which scope a key needs for it',
  (root) => {
    const fields = (schema.getType(root) as GraphQLObjectType).getFields()
    expect(Object.keys(OPERATION_SCOPES[root]).toSorted()).toEqual(Object.keys(fields).toSorted())
  },
)

describe('row 37: every subscription', () => {
  const ofTeam = subscriptions.filter(({ args }) => args.some(({ type }) => getNamedType(type).name === 'ID'))
  const open = async (api: Api, { name, args }: (typeof subscriptions)[number]) => {
    const argument = args.find(({ type }) => getNamedType(type).name === 'ID')
    if (!argument) return openOwn(api, name)
    const query = `subscription ($id: ID!) { ${name}(${argument.name}: $id) { __typename } }`
    for await (const answer of api.listen(query, { id: ids[typeNamed(argument.name, name)] }))
      return answer.errors?.[0]?.extensions?.code
    return undefined
  }

  /** Of whoever asks, and no team. */
  const openOwn = async (api: Api, name: string) => {
    for await (const answer of api.listen(`subscription { ${name} { __typename } }`))
      return answer.errors?.[0]?.extensions?.code
    return undefined
  }

  it('noticesChanged is the only one of a person, and not for a key', async () => {
    const own = subscriptions.filter((subscription) => !ofTeam.includes(subscription))
    expect(own.map(({ name }) => name)).toEqual(['noticesChanged'])
    const key = new Api(server.url, { authorization: `Bearer ${await makeKey(owner)}` })
    expect(await openOwn(key, 'noticesChanged')).toBe('FORBIDDEN')
  })

  it.each(ofTeam)('$name finds nothing for a member who was removed', async (subscription) => {
    expect(await open(asked.REMOVED, subscription)).toBe('NOT_FOUND')
  })

  it.each(subscriptions)('$name is closed to whoever is not signed in', async (subscription) => {
    await expect(open(new Api(server.url), subscription)).rejects.toMatchObject({ code: 4401 })
  })
})
