import { readFileSync } from 'node:fs'
import { buildSchema, getNamedType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { insertExperiment } from './experiment-rows.ts'
import { insertFinishedRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'
import { insertWeights } from './weights-rows.ts'

/** Which of one thing's parts comes first is its own: images by position, queries by how well they were answered, and test images by their loss. */
const OF_ONE_THING = ['DatasetVersion.pictures', 'Run.retrievalQueries', 'Run.testPictures']

let server: TestServer
let ada: Person
let runId: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  for (const name of ['Zoe', 'Bea']) await server.signUp(name)
  const { database, storage } = server
  for (const name of ['clothes', 'letters', 'a_b']) {
    const made = await insertFinishedRun(database, storage, ada)
    runId = made.runId
    await insertWeights(database, ada, made)
    await insertExperiment(database, ada, made)
    await database.dataset.update({ where: { id: made.datasetId }, data: { name } })
    await database.cohort.update({ where: { id: made.cohortId }, data: { name } })
  }
  for (const name of ['One', 'Two', 'Three']) await ada.api.mutate('renameTeam', { teamId: ada.teamId, name })
  await insertNotices()
  await insertDeliveries()
  for (const seq of [1, 2, 3]) {
    const payload = { kind: 'LOG', level: 'INFO', source: 'WORKER', message: `line ${seq}` }
    await database.runEvent.create({ data: { runId, teamId: ada.teamId, seq, kind: 'LOG', payload } })
  }
})
afterAll(() => server?.stop())

async function insertNotices(): Promise<void> {
  const { teamId, userId } = ada
  for (const kind of ['RUN_FAILED', 'RUN_SUCCEEDED', 'RUN_FAILED'] as const) {
    const event = {
      id: newId('TeamEvent'),
      teamId,
      kind,
      data: { runId, number: 1 },
      dispatchedAt: new Date(),
    }
    const eventId = (await server.database.teamEvent.create({ data: event })).id
    const readAt = kind === 'RUN_SUCCEEDED' ? new Date() : null
    const data = { id: newId('Notice'), userId, teamId, eventId, inBrowser: false, readAt }
    await server.database.notice.create({ data })
  }
}

async function insertDeliveries(): Promise<void> {
  const { teamId } = ada
  const hook = { id: newId('Webhook'), teamId, url: 'https://hooks.example.org/', secret: 'x' }
  const { id: webhookId } = await server.database.webhook.create({
    data: { ...hook, format: 'SLACK', kinds: [] },
  })
  for (const status of ['DELIVERED', 'FAILED', 'DELIVERED'] as const) {
    const data = { id: newId('WebhookDelivery'), teamId, webhookId, eventName: 'test', body: '{}', status }
    await server.database.webhookDelivery.create({ data: { ...data, finishedAt: new Date() } })
  }
}

/** A list of the API: where it is, and by what its items are told apart. */
const LISTS = {
  'Team.datasets': ['node(id: $teamId) { ... on Team {', 'name'],
  'Team.cohorts': ['node(id: $teamId) { ... on Team {', 'name'],
  'Team.experiments': ['node(id: $teamId) { ... on Team {', 'number'],
  'Team.models': ['node(id: $teamId) { ... on Team {', 'id'],
  'Team.givenWeights': ['node(id: $teamId) { ... on Team {', 'name'],
  'Team.registry': ['node(id: $teamId) { ... on Team {', 'id'],
  'Team.auditEvents': ['node(id: $teamId) { ... on Team {', 'id'],
  'Run.log': ['node(id: $runId) { ... on Run {', 'seq'],
  'Webhook.deliveries': ['node(id: $teamId) { ... on Team { webhooks {', 'id'],
  'Viewer.notices': ['viewer {', 'id'],
  'Instance.people': ['instance {', 'name'],
  'Instance.teams': ['instance {', 'name'],
  'Instance.auditEvents': ['instance {', 'id'],
} as const
type List = keyof typeof LISTS

/** One page of a list. */
async function ask(list: List, given: string) {
  const [from, key] = LISTS[list]
  // The log is counted by nobody.
  const count = list.endsWith('auditEvents') ? '' : 'totalCount'
  const inside = `${list.split('.')[1]}(${given}) { ${count} nodes { ${key} } pageInfo { hasNextPage endCursor } }`
  const opened = `${from} ${inside} ${'}'.repeat(from.split('{').length - 1)}`
  const variables = from.includes('$teamId')
    ? '($teamId: ID!)'
    : from.includes('$runId')
      ? '($runId: ID!)'
      : ''
  const data = await ada.api.ask(`query Ask${variables} { ${opened} }`, { teamId: ada.teamId, runId })
  const holder = data.viewer ?? data.instance ?? data.node.webhooks?.[0] ?? data.node
  const { nodes, pageInfo, totalCount } = holder[list.split('.')[1]!]
  return { keys: nodes.map((node: Record<string, unknown>) => node[key]), pageInfo, totalCount }
}

/** Every item, page by page. */
async function walk(list: List, given: string): Promise<unknown[]> {
  const all: unknown[] = []
  for (let after = ''; ; ) {
    const { keys, pageInfo } = await ask(list, `first: 2, ${given}${after}`)
    all.push(...keys)
    if (!pageInfo.hasNextPage) return all
    after = `, after: "${pageInfo.endCursor}"`
  }
}

it('stand on every list of the schema', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
  const connections = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })),
    )
    .filter(
      ({ name, field }) =>
        getNamedType(field.type).name.endsWith('Connection') && !OF_ONE_THING.includes(name),
    )
  const unordered = connections.filter(({ field }) => !field.args.some(({ name }) => name === 'orderBy'))
  expect(unordered.map(({ name }) => name)).toEqual([])
  const tried = [...Object.keys(LISTS), 'Team.runs']
  expect(connections.map(({ name }) => name).sort()).toEqual(tried.sort())
})

describe('the order of a list', () => {
  it.each(Object.keys(LISTS) as List[])('%s is its items, the newest or the oldest first', async (list) => {
    const newest = await walk(list, 'orderBy: NEWEST')
    expect(newest.length).toBeGreaterThanOrEqual(3)
    expect(new Set(newest).size).toBe(newest.length)
    expect(await walk(list, 'orderBy: OLDEST')).toEqual(newest.toReversed())
  })

  const named = ['Team.datasets', 'Team.cohorts', 'Instance.people', 'Instance.teams'] as const
  it.each(named)('%s is by name where that is asked for', async (list) => {
    const names = (await walk(list, 'orderBy: NAME')) as string[]
    expect(names).toHaveLength((await walk(list, 'orderBy: NEWEST')).length)
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, 'en')))
  })

  it('by name is lost where what a page began after is gone, and that is said', async () => {
    const gone = Buffer.from(`after:${newId('Cohort')}`).toString('base64url')
    await expect(ask('Team.cohorts', `orderBy: NAME, after: "${gone}"`)).rejects.toThrow(/was deleted/)
  })

  it('begins after no cursor that the database could not keep', async () => {
    const hostile = Buffer.from('after:\0').toString('base64url')
    await expect(ask('Team.cohorts', `after: "${hostile}"`)).rejects.toThrow(/no cursor of this list/)
  })
})

describe('the filter of a list', () => {
  it.each([
    ['Team.datasets', 'search: "ETT"', ['letters']],
    ['Team.datasets', 'search: "a_b"', ['a_b']],
    ['Team.datasets', 'search: "%"', []],
    ['Team.datasets', 'kind: RETRIEVAL', []],
    ['Team.cohorts', 'search: "_"', ['a_b']],
    ['Team.cohorts', 'method: DISTILLATION', []],
    ['Team.cohorts', 'method: MUTUAL, orderBy: NAME', ['a_b', 'clothes', 'letters']],
    ['Team.experiments', 'search: "ARM"', [3, 2, 1]],
    ['Team.experiments', 'search: "two"', []],
    ['Team.models', 'architecture: "convnet-1"', []],
  ] as const)('%s(%s)', async (list, given, expected) => {
    const { keys, totalCount } = await ask(list, given)
    expect([keys, totalCount]).toEqual([expected, expected.length])
  })

  it.each([
    ['Viewer.notices', 'unread: true', 2],
    ['Viewer.notices', 'kinds: [RUN_SUCCEEDED]', 1],
    ['Webhook.deliveries', 'statuses: [FAILED]', 1],
    ['Team.models', 'architecture: "resnet-8"', 3],
  ] as const)('%s(%s) leaves %i', async (list, given, count) => {
    const { keys, totalCount } = await ask(list, given)
    expect([keys.length, totalCount]).toEqual([count, count])
  })

  it('has at most 100 characters to search for', async () => {
    await expect(ask('Team.datasets', `search: "${'x'.repeat(101)}"`)).rejects.toThrow(/more than 100/)
  })
})
