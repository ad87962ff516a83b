import type { GraphQLInterfaceType, GraphQLObjectType } from 'graphql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import type { KEY_SCOPES } from '../../../contract/key-scopes.ts'
import { createSchema } from '../../../server/graphql/schema.ts'
import { makeKey } from '../make-key.ts'
import { share } from '../sharing/sharing.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertEverything, type TeamIdType } from './everything.ts'
import { type Asked, askFor, askWithIds, findWays, type Way, type WriteArgument } from './field-ways.ts'
import { typeNamed } from './made-inputs.ts'

/** Whoever is further on sees what those before see; an ADMINISTRATOR is the instance’s, and a stranger to the team. */
const RANKS = ['NOBODY', 'STRANGER', 'VIEWER', 'MEMBER', 'ADMIN', 'OWNER'] as const
type Rank = (typeof RANKS)[number] | 'ADMINISTRATOR' | 'KEY' | 'PERSON'

/** Who at least is shown a type or a field, and whatever they lead to; of all others, it is a VIEWER. */
const LEAST: Record<string, Rank> = {
  ApiKey: 'ADMIN',
  Webhook: 'ADMIN',
  WebhookDelivery: 'ADMIN',
  Viewer: 'STRANGER',
  Instance: 'ADMINISTRATOR',
  Query: 'NOBODY',
  'Query.team': 'VIEWER',
  'Query.node': 'VIEWER',
  'Query.nodes': 'VIEWER',
  'Query.viewer': 'STRANGER',
  'Viewer.apiKey': 'KEY',
  'Query.deviceRequest': 'PERSON',
  'Query.instance': 'ADMINISTRATOR',
  'Query.workers': 'STRANGER',
  'Query.capacity': 'STRANGER',
  'Query.queue': 'STRANGER',
  'Query.devicePrices': 'STRANGER',
  'Team.apiKeys': 'ADMIN',
  'Team.serviceAccounts': 'ADMIN',
  'Team.invitations': 'ADMIN',
  'Team.shareLinks': 'ADMIN',
  'Team.webhooks': 'ADMIN',
  'Team.auditEvents': 'ADMIN',
}

/** Nobody works here, and nothing has a price. */
const NOT_THERE = ['Query.workers', 'Query.capacity', 'Query.queue', 'Query.devicePrices']

/** As many as fit into one operation. */
const QUESTIONS_AT_ONCE = 20

const schema = createSchema()
const nodeTypes = schema.getPossibleTypes(schema.getType('Node') as GraphQLInterfaceType)
const typeOf = (name: string) => schema.getType(name) as GraphQLObjectType

let server: TestServer
let ids: Record<TeamIdType, string>
let asked: Record<string, { api: Api; rank: (typeof RANKS)[number] }>
let stranger: Person
let write: WriteArgument
let questions: Asked[]

beforeAll(async () => {
  server = await startTestServer()
  const administrator = await server.signUp('Administrator')
  const owner = await server.signUp('Owner')
  ids = await insertEverything(server, owner)
  const team = await server.database.team.findUniqueOrThrow({ where: { id: owner.teamId } })
  const invite = { teamId: owner.teamId, role: 'VIEWER' }
  const { url: invitation } = await owner.api.mutate('createInvitation', invite, 'url')
  const code = await fetch(`${server.url}/api/auth/device/code`, { method: 'POST' })
  const { user_code: userCode } = (await code.json()) as { user_code: string }
  const tokens = {
    run: (await share(owner, ids.Run)).token,
    experiment: (await share(owner, ids.Experiment)).token,
    model: (await share(owner, ids.Model, { withFiles: true })).token,
  }
  const join = async (role: 'VIEWER' | 'MEMBER' | 'ADMIN') => {
    const { api, userId } = await server.signUp(role)
    const member = { id: newId('Member'), teamId: owner.teamId, userId, role }
    await server.database.member.create({ data: member })
    return { api, memberId: member.id }
  }
  stranger = await server.signUp('Mallory')
  const removed = await join('ADMIN')
  await owner.api.mutate('removeMember', { memberId: removed.memberId })
  const key = async (scope: (typeof KEY_SCOPES)[number]) =>
    new Api(server.url, { authorization: `Bearer ${await makeKey(owner, [scope])}` })
  asked = {
    nobody: { api: new Api(server.url), rank: 'NOBODY' },
    stranger: { api: stranger.api, rank: 'STRANGER' },
    removed: { api: removed.api, rank: 'STRANGER' },
    administrator: { api: administrator.api, rank: 'STRANGER' },
    viewer: { api: (await join('VIEWER')).api, rank: 'VIEWER' },
    member: { api: (await join('MEMBER')).api, rank: 'MEMBER' },
    admin: { api: (await join('ADMIN')).api, rank: 'ADMIN' },
    owner: { api: owner.api, rank: 'OWNER' },
    'key READ': { api: await key('READ'), rank: 'VIEWER' },
    'key RUN': { api: await key('RUN'), rank: 'MEMBER' },
    'key UPLOAD': { api: await key('UPLOAD'), rank: 'MEMBER' },
    'key ADMIN': { api: await key('ADMIN'), rank: 'ADMIN' },
  }
  const students = '[{name: "a", architecture: "resnet-8"}, {name: "b", architecture: "resnet-8"}]'
  const VALUES: Record<string, string> = {
    slug: `"${team.slug}"`,
    token: `"${tokens.run}"`,
    'Query.invitation.token': `"${invitation.split('#')[1]}"`,
    userCode: `"${userCode}"`,
    'Query.node.id': `"${ids.Run}"`,
    'Query.nodes.ids': `["${ids.Run}"]`,
    text: `"${ids.Dataset}"`,
    from: '"2020-01-01T00:00:00Z"',
    to: '"2020-02-01T00:00:00Z"',
    split: '"train"',
    metric: '"testTop1"',
    number: '1',
    experiment: `{title: "x", recipe: {preset: "quick"}, conditions: [{name: "c"}], seeds: [1], arms: [{name: "m", students: ${students}, teaching: {method: "MUTUAL"}}]}`,
  }
  write = (argument, field) =>
    VALUES[`${field}.${argument}`] ?? VALUES[argument] ?? `"${ids[typeNamed(argument, field)]}"`
  const shared = (type: string, name: keyof typeof tokens): Way => ({
    type: typeOf(type),
    before: `shared(token: "${tokens[name]}") { ${name} {`,
    after: '} }',
    through: ['Query.shared'],
    steps: [name],
  })
  const entries: Way[] = [
    ...nodeTypes.map((type) => ({
      type,
      before: `node(id: "${ids[type.name as TeamIdType]}") { ... on ${type.name} {`,
      after: '} }',
      through: [],
      steps: [],
    })),
    shared('SharedRun', 'run'),
    shared('SharedExperiment', 'experiment'),
    shared('SharedModel', 'model'),
    { type: typeOf('Query'), before: '', after: '', through: [], steps: [] },
  ]
  questions = [...findWays(entries, write).values()].flatMap((way) => askFor(way, write))
})
afterAll(() => server.stop())

/** Who is shown anything by a field, in the order of `asked`. */
const shownTo = new Map<string, string[]>()

it('row 36: every field is shown to whom it is for, and to nobody else', async () => {
  for (const [who, { api }] of Object.entries(asked))
    for (const name of await shownBy(api)) shownTo.set(name, [...(shownTo.get(name) ?? []), who])
  const wrong = questions.flatMap(({ way, selections }) =>
    selections.flatMap(({ name }) => {
      const least = leastOf(way, name)
      const shown = shownTo.get(name) ?? []
      const may = Object.entries(asked).flatMap(([who, { rank }]) => (maySee(who, rank, least) ? [who] : []))
      // What is not there at all, and one's own, differs among those who may.
      const differs = shown.length === 0 || /^(Viewer|Notice|AuditEvent$|AuditActor)/.test(way.type.name)
      const isRight = differs ? shown.every((who) => may.includes(who)) : shown.join() === may.join()
      return isRight ? [] : [`${name}, for ${least}: ${shown.join(', ')}`]
    }),
  )
  expect(wrong).toEqual([])
})

it('the table speaks of what is there: each line of the table was seen, and every kind of node', () => {
  const types = new Set([...shownTo.keys()].map((name) => name.split('.')[0]))
  const unseen = Object.keys(LEAST).filter(
    (name) => !shownTo.has(name) && !types.has(name) && !NOT_THERE.includes(name),
  )
  expect([...unseen, ...nodeTypes.map(({ name }) => name).filter((name) => !types.has(name))]).toEqual([])
  expect(shownTo.size).toBeGreaterThan(500)
})

it('row 36: whatever takes an id within one’s own team answers to another team’s as to one that never was', async () => {
  const own = { type: typeOf('Team'), before: `... on Team {`, after: '}', through: [], steps: [] }
  const theirs = askWithIds(own, write)
  const never = askWithIds(own, (argument, field) => {
    const value = write(argument, field)
    return /^"[a-z]{3}_/.test(value) ? `"${newId(typeNamed(argument, field))}"` : value
  })
  const ask = async (text: string) => {
    const { data, errors } = await stranger.api.send(`{ node(id: "${stranger.teamId}") { ${text} } }`)
    return JSON.stringify({
      data,
      errors: errors?.map(({ message, extensions }) => [message, extensions?.code]),
    })
  }
  expect(theirs.length).toBeGreaterThan(10)
  for (const [i, { name, text }] of theirs.entries())
    expect([name, await ask(text)]).toEqual([name, await ask(never[i]!.text)])
})

/** The last word on the way: what a type or field is for holds for all that it leads to. */
function leastOf({ type, through }: Way, name: string): Rank {
  const words = [name, type.name, ...[...through].reverse().flatMap((step) => [step, step.split('.')[0]!])]
  const said = words.filter((word) => word in LEAST).map((word) => LEAST[word]!)
  return said[0] ?? 'VIEWER'
}

function maySee(who: string, rank: (typeof RANKS)[number], least: Rank): boolean {
  if (least === 'ADMINISTRATOR') return who === 'administrator'
  if (least === 'KEY') return who.startsWith('key')
  if (least === 'PERSON') return rank !== 'NOBODY' && !who.startsWith('key')
  return RANKS.indexOf(rank) >= RANKS.indexOf(least)
}

/** Which fields show somebody anything. */
async function shownBy(api: Api): Promise<string[]> {
  const shown: string[] = []
  for (let at = 0; at < questions.length; at += QUESTIONS_AT_ONCE) {
    const some = questions.slice(at, at + QUESTIONS_AT_ONCE)
    const asked = some.map(({ way, selections }, i) => {
      const texts = selections.map(({ text }) => text).join(' ')
      return `q${i}: ${way.before.trim()} ${texts} ${way.after}`
    })
    const { data } = await api.send(`{ ${asked.join(' ')} }`)
    if (!data) throw new Error(`${some[0]?.way.type.name} and what follows it was not answered`)
    for (const [i, { way, selections }] of some.entries())
      for (const { name, key } of selections) if (isThere(data[`q${i}`], way, key)) shown.push(name)
  }
  return shown
}

function isThere(answer: unknown, way: Way, key: string): boolean {
  const first = (value: unknown): unknown => (Array.isArray(value) ? first(value[0]) : value)
  const path = way.type.name === 'Query' ? [] : [...way.steps, key]
  const value = path.reduce<unknown>(
    (at, step) => (first(at) as Record<string, unknown> | null)?.[step],
    answer,
  )
  const nodes = (first(value) as { nodes?: unknown } | null)?.nodes
  return first(nodes === undefined ? value : nodes) != null
}
