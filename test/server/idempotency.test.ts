import { type GraphQLInputObjectType, getNamedType } from 'graphql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AUDITED_MUTATIONS } from '../../server/audit/audited-mutations.ts'
import { createSchema } from '../../server/graphql/schema.ts'
import { pruneKeys } from '../../server/idempotency/prune-keys.ts'
import { insertFinishedRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

/** What makes something and takes no key: each gives what is there already, or tells a mailbox something once more. */
const REPEATABLE = ['acceptInvitation', 'createSampleDataset', 'saveRunView', 'sendTrialMail']

let server: TestServer
let ada: Person
let made: Awaited<ReturnType<typeof insertFinishedRun>>
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  made = await insertFinishedRun(server.database, server.storage, ada)
})
afterAll(() => server.stop())

const students = ['ada', 'grace'].map((name) => ({ name, architecture: 'resnet-8' }))
const CASES: [mutation: string, fields: string, input: () => object, other: Record<string, unknown>][] = [
  ['createTeam', 'team { id }', () => ({ name: 'Another' }), { name: 'A third' }],
  ['createInvitation', 'invitation { id }', () => ({ role: 'VIEWER' }), { role: 'MEMBER' }],
  ['createServiceAccount', 'serviceAccount { id }', () => ({ name: 'x', role: 'VIEWER' }), { name: 'y' }],
  ['createApiKey', 'apiKey { id } secret', () => ({ name: 'x' }), { scopes: ['READ'] }],
  ['createUpload', 'upload { id }', () => ({ fileName: 'a.zip', byteLength: 9 }), { byteLength: 8 }],
  ['createCohort', 'cohort { id }', () => ({ name: 'x', students }), { students: students.toReversed() }],
  ['createDataset', 'dataset { id }', () => ({ name: 'x', uploadId: made.uploadId }), { name: 'y' }],
]

it.each(CASES)(
  '%s makes one thing for one key, asked twice at once and once more',
  async (mutation, fields, input) => {
    const isOfTeam = mutation !== 'createTeam'
    const asked = { ...input(), ...(isOfTeam && { teamId: ada.teamId }), idempotencyKey: 'once' }
    const ask = () => ada.api.mutate(mutation, asked, fields)
    const answers = [...(await Promise.all([ask(), ask(), ask()])), await ask()]
    const ids = answers.map(({ errors, secret: _, ...payload }) => {
      expect(errors).toEqual([])
      return (Object.values(payload)[0] as { id: string }).id
    })
    expect(new Set(ids).size).toBe(1)
  },
)

it.each(CASES)(
  '%s refuses the key with another input, and names what differs',
  async (mutation, _, input, other) => {
    const isOfTeam = mutation !== 'createTeam'
    const asked = { ...input(), ...(isOfTeam && { teamId: ada.teamId }), ...other, idempotencyKey: 'once' }
    const { errors } = await ada.api.mutate(mutation, asked)
    expect(errors).toEqual([
      {
        code: 'CONFLICT',
        message: expect.stringContaining(
          `used for ${mutation} before, with another ${Object.keys(other)[0]}.`,
        ),
        path: ['idempotencyKey'],
      },
    ])
  },
)

it('tells a secret once, and keeps none with the key', async () => {
  const input = { teamId: ada.teamId, name: 'secret', idempotencyKey: 'of a secret' }
  const ask = () => ada.api.mutate('createApiKey', input, 'secret apiKey { id }')
  const [first, again] = [await ask(), await ask()]
  expect(first.secret).toMatch(/^sh_/)
  expect(again).toEqual({ apiKey: first.apiKey, secret: null, errors: [] })
})

it('is each person’s own, and no key at all makes things anew', async () => {
  const bob = await server.signUp('Bob')
  const make = (person: Person, idempotencyKey: string | null) =>
    person.api.mutate('createTeam', { name: 'Another', idempotencyKey }, 'team { id }')
  const ids = [await make(ada, 'once'), await make(bob, 'once'), await make(ada, null), await make(ada, null)]
  expect(new Set(ids.map(({ team }) => team.id)).size).toBe(4)
})

it('a key is free again where nothing was made', async () => {
  const ask = (name: string) =>
    ada.api.mutate(
      'createCohort',
      { teamId: ada.teamId, name, students, idempotencyKey: 'free' },
      'cohort { id }',
    )
  expect((await ask('x')).errors[0].code).toBe('CONFLICT')
  expect((await ask('free')).errors).toEqual([])
})

it('forgets keys after 30 days, also of people who never come back', async () => {
  const { idempotencyKey } = server.database
  const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60_000)
  const data = { userId: ada.userId, mutation: 'createTeam', fields: {}, subjectId: 'tea_gone' }
  const kept = { ...data, key: 'kept', createdAt: days(29) }
  const old = { ...data, key: 'old', createdAt: days(31) }
  await idempotencyKey.createMany({ data: [kept, old, { ...old, key: 'oldest' }] })
  const again = await ada.api.mutate('createTeam', { name: 'x', idempotencyKey: 'old' }, 'team { id }')
  expect(again.errors).toEqual([])
  await pruneKeys(server.database)
  const where = { key: { in: ['kept', 'old', 'oldest'] } }
  const left = await idempotencyKey.findMany({ where, orderBy: { key: 'asc' } })
  expect(left.map(({ key, subjectId }) => [key, subjectId])).toEqual([
    ['kept', 'tea_gone'],
    ['old', again.team.id],
  ])
})

it('every mutation that makes something takes a key', () => {
  const fields = createSchema().getMutationType()!.getFields()
  const without = Object.entries(AUDITED_MUTATIONS)
    .filter(([name, { by }]) => by === 'made' && !REPEATABLE.includes(name))
    .filter(([name]) => {
      const input = getNamedType(fields[name]!.args[0]!.type) as GraphQLInputObjectType
      return !('idempotencyKey' in input.getFields())
    })
  expect(without).toEqual([])
})
