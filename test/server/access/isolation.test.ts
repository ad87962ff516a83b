import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  getNamedType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { createSchema } from '../../../server/graphql/schema.ts'
import { EVALUATION, insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertEverything, type TeamIdType } from './everything.ts'
import { idsOf, inputFor, type PickId, typeNamed } from './made-inputs.ts'

/**
 * Whatever takes an id is asked with the ids of another team and with ids that never were. The questions are made
 * from the schema, so that a field, mutation or subscription added later is asked, too.
 */
const schema = createSchema()
const mutations = Object.values(schema.getMutationType()!.getFields())
const subscriptions = Object.values(schema.getSubscriptionType()!.getFields())
const nodeTypes = schema.getPossibleTypes(schema.getType('Node') as GraphQLInterfaceType)

let server: TestServer
let owner: Person
let stranger: Person
/** Ids of the owner's team, by type. */
let foreign: Record<TeamIdType, string>
let foreignSlug: string

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.signUp('Ada')
  stranger = await server.signUp('Mallory')
  foreign = await insertEverything(server, owner)
  foreignSlug = (await server.database.team.findUniqueOrThrow({ where: { id: owner.teamId } })).slug
})
afterAll(() => server.stop())

async function send(mutation: GraphQLField<unknown, unknown>, pick: PickId) {
  const input = getNamedType(mutation.args[0]!.type) as GraphQLInputObjectType
  const answer = await stranger.api.mutate(mutation.name, inputFor(input, mutation.name, pick), '__typename')
  return { ...answer, errors: answer.errors }
}

describe('node(id) of another team', () => {
  it.each(nodeTypes.map((type) => type.name as TeamIdType))(
    'finds no %s, as it finds none that never was',
    async (type) => {
      const query = 'query ($id: ID!) { node(id: $id) { id } }'
      expect(await owner.api.ask(query, { id: foreign[type] })).toEqual({ node: { id: foreign[type] } })
      const theirs = await stranger.api.send(query, { id: foreign[type] })
      expect(theirs).toEqual({ status: 200, data: { node: null } })
      expect(await stranger.api.send(query, { id: newId(type) })).toEqual(theirs)
    },
  )

  it('finds no membership, nor what is no id', async () => {
    for (const id of [foreign.Member, '', 'run_', "run_'; --", 'x'.repeat(10_000)]) {
      expect(await owner.api.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null })
    }
  })
})

describe('every mutation with an id of another team', () => {
  it.each(mutations.filter((mutation) => idsOf(mutation).length > 0))(
    '$name answers as for an id that never was',
    async (mutation) => {
      const theirs = await send(mutation, (type) => foreign[type])
      expect(theirs.errors).toEqual([
        expect.objectContaining({ code: 'NOT_FOUND', path: [expect.stringMatching(/ids?$/i)] }),
      ])
      expect(await send(mutation, newId)).toEqual(theirs)
    },
  )

  it.each(mutations.filter((mutation) => idsOf(mutation).length > 1))(
    '$name takes no foreign id beside ids of one’s own',
    async (mutation) => {
      const own = await insertFinishedRun(server.database, server.storage, stranger)
      const mine: Partial<Record<TeamIdType, string>> = {
        Team: stranger.teamId,
        Cohort: own.cohortId,
        Run: own.runId,
        Upload: own.uploadId,
        Dataset: own.datasetId,
        DatasetVersion: own.versionId,
      }
      for (const name of idsOf(mutation)) {
        const foreignType = typeNamed(name, mutation.name)
        const one = (pick: PickId) => (type: TeamIdType) => (type === foreignType ? pick(type) : mine[type]!)
        const theirs = await send(
          mutation,
          one((type) => foreign[type]),
        )
        expect(theirs.errors).toEqual([expect.objectContaining({ code: 'NOT_FOUND', path: [name] })])
        expect(await send(mutation, one(newId))).toEqual(theirs)
      }
    },
  )

  it('changed nothing of the other team', async () => {
    const counts = async (teamId: string) => [
      await server.database.cohort.count({ where: { teamId } }),
      await server.database.dataset.count({ where: { teamId } }),
      await server.database.run.count({ where: { teamId } }),
      await server.database.upload.count({ where: { teamId } }),
      await server.database.apiKey.count({ where: { teamId, revokedAt: null } }),
    ]
    expect(await counts(owner.teamId)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('every subscription with an id of another team', () => {
  const ofTeam = subscriptions.filter(({ args }) => args.some(({ type }) => getNamedType(type).name === 'ID'))
  it.each(ofTeam)('$name answers as for an id that never was', async (subscription) => {
    const argument = subscription.args.find(({ type }) => getNamedType(type).name === 'ID')!
    const type = typeNamed(argument.name, subscription.name)
    const query = `subscription ($id: ID!) { ${subscription.name}(${argument.name}: $id) { __typename } }`
    const firstAnswer = async (id: string) => {
      for await (const answer of stranger.api.listen(query, { id })) return answer
    }
    const theirs = await firstAnswer(foreign[type])
    expect(theirs?.errors?.[0]?.extensions?.code).toBe('NOT_FOUND')
    expect(await firstAnswer(newId(type))).toEqual(theirs)
  })
})

describe('the other ways in', () => {
  it('are the ones asked here: no other query takes an argument', () => {
    const fields = Object.values(schema.getQueryType()!.getFields()).filter(({ args }) => args.length > 0)
    expect(fields.map(({ name }) => name)).toEqual([
      ...['node', 'nodes', 'team', 'invitation', 'deviceRequest', 'shared', 'sharedPreview', 'capacity'],
    ])
  })

  it('team(slug) is null for a stranger, as for a name that nobody has', async () => {
    const ask = (api: Person['api'], slug: string) =>
      api.send('query ($slug: String!) { team(slug: $slug) { id } }', { slug })
    expect((await ask(owner.api, foreignSlug)).data.team.id).toBe(owner.teamId)
    const theirs = await ask(stranger.api, foreignSlug)
    expect(theirs.data).toEqual({ team: null })
    expect(await ask(stranger.api, 'nobody-has-it')).toEqual(theirs)
  })

  it('the upload URL is 404 for a stranger, as for an upload that never was', async () => {
    const { upload } = await owner.api.mutate(
      'createUpload',
      { teamId: owner.teamId, fileName: 'a.zip', byteLength: 10 },
      'upload { id url }',
    )
    const ask = async (url: string, headers = stranger.api.headers) => {
      const response = await fetch(`${server.url}${url}`, {
        method: 'HEAD',
        headers: { ...headers, 'tus-resumable': '1.0.0' },
      })
      return { status: response.status, length: response.headers.get('upload-length') }
    }
    expect(await ask(new URL(upload.url).pathname, owner.api.headers)).toEqual({ status: 200, length: '10' })
    expect(await ask(new URL(upload.url).pathname)).toEqual({ status: 404, length: null })
    expect(await ask(`/uploads/${newId('Upload')}`)).toEqual({ status: 404, length: null })
  })

  it('row 44: the URL of one’s own upload reaches no other, whatever its query or fragment says', async () => {
    const begin = async ({ api, teamId }: Person) => {
      const input = { teamId, fileName: 'a.zip', byteLength: 10 }
      const { upload } = await api.mutate('createUpload', input, 'upload { id url }')
      return upload as { id: string; url: string }
    }
    const theirs = await begin(owner)
    // So that there is a file which bytes could be appended to.
    const tus = { 'tus-resumable': '1.0.0' }
    const address = `${server.url}${new URL(theirs.url).pathname}`
    await fetch(address, { method: 'HEAD', headers: { ...owner.api.headers, ...tus } })
    for (const more of ['?to=/', '/?/', '?/uploads/']) {
      const own = await begin(stranger)
      const sent = await fetch(`${server.url}${new URL(own.url).pathname}${more}${theirs.id}`, {
        method: 'PATCH',
        headers: {
          ...stranger.api.headers,
          ...tus,
          'content-type': 'application/offset+octet-stream',
          'upload-offset': '0',
        },
        body: 'intruder',
      })
      expect([more, sent.status]).toEqual([more, 204])
      const query = 'query ($id: ID!) { node(id: $id) { ... on Upload { receivedBytes } } }'
      expect((await stranger.api.ask(query, { id: own.id })).node).toEqual({ receivedBytes: 8 })
      expect((await owner.api.ask(query, { id: theirs.id })).node).toEqual({ receivedBytes: 0 })
    }
  })

  it('a VIEWER looks and downloads, and changes nothing', async () => {
    const viewer = await server.signUp('Vi')
    await server.database.member.create({
      data: { id: newId('Member'), teamId: owner.teamId, userId: viewer.userId, role: 'VIEWER' },
    })
    const query = 'query ($id: ID!) { node(id: $id) { ... on Run { evaluation { meanPosteriorTop1 } } } }'
    const seen = await viewer.api.ask(query, { id: foreign.Run })
    expect(seen.node.evaluation.meanPosteriorTop1).toBe(EVALUATION.ensemble.meanPosteriorTop1)
    expect((await viewer.api.mutate('createDownload', { id: foreign.Model })).errors).toEqual([])
    const keyQuery = 'query ($id: ID!) { node(id: $id) { id } }'
    expect(await viewer.api.ask(keyQuery, { id: foreign.ApiKey })).toEqual({ node: null })
    const changing = mutations.filter(
      ({ name }) =>
        ![
          ...['createDownload', 'createTeam', 'acceptInvitation', 'leaveTeam', 'deleteAccount'],
          ...['followRun', 'markNoticesRead', 'chooseNotices', 'setPushSubscription', 'denyDevice'],
        ].includes(name),
    )
    for (const mutation of changing) {
      const input = getNamedType(mutation.args[0]!.type) as GraphQLInputObjectType
      const values = inputFor(input, mutation.name, (type) => foreign[type])
      const { errors } = await viewer.api.mutate(mutation.name, values)
      expect([mutation.name, errors[0]?.code]).toEqual([mutation.name, 'FORBIDDEN'])
    }
  })
})
