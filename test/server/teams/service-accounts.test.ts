import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, authenticate, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let owner: Person
beforeAll(async () => {
  server = await startTestServer()
  await server.signUp('Administrator')
  owner = await server.signUp('Owner')
})
afterAll(() => server.stop())

const AUTHOR = 'run { createdBy { name isServiceAccount } }'

async function drain(answers: AsyncGenerator): Promise<void> {
  for await (const _ of answers);
}

/** An admin of the owner's team. */
async function joinAsAdmin(name: string): Promise<Person> {
  const person = await server.signUp(name)
  const member = { id: newId('Member'), teamId: owner.teamId, userId: person.userId, role: 'ADMIN' as const }
  await server.database.member.create({ data: member })
  return person
}

async function makeAccount(by: Person = owner, role = 'MEMBER'): Promise<string> {
  const input = { teamId: owner.teamId, name: 'Nightly training', role }
  const { serviceAccount, errors } = await by.api.mutate(
    'createServiceAccount',
    input,
    'serviceAccount { id }',
  )
  expect(errors).toEqual([])
  return serviceAccount.id
}

async function keyOf(serviceAccountId: string, by: Person = owner, more: object = {}): Promise<Api> {
  const input = { teamId: owner.teamId, name: 'cron', serviceAccountId, ...more }
  const { secret, errors } = await by.api.mutate('createApiKey', input, 'secret')
  expect(errors).toEqual([])
  return new Api(server.url, { authorization: `Bearer ${secret}` })
}

it('starts runs as their author, and goes on when its maker leaves the team and deletes the account', async () => {
  const maker = await joinAsAdmin('Maker')
  const { runId } = await insertFinishedRun(server.database, server.storage, owner)
  const key = await keyOf(await makeAccount(maker), maker)
  const author = { createdBy: { name: 'Nightly training', isServiceAccount: true } }
  expect((await key.mutate('cloneRun', { runId }, AUTHOR)).run).toEqual(author)
  const told = await server.database.auditEvent.findMany({
    where: { teamId: owner.teamId, actorKind: 'SERVICE_ACCOUNT' },
    orderBy: { id: 'asc' },
  })
  expect(told.map(({ action, keyName }) => [action, keyName])).toEqual([
    ['key.first-use', 'cron'],
    ['run.clone', 'cron'],
  ])
  expect((await maker.api.mutate('leaveTeam', { teamId: owner.teamId })).errors).toEqual([])
  const { password } = maker.account
  expect((await maker.api.mutate('deleteAccount', { password })).errors).toEqual([])
  expect((await key.mutate('cloneRun', { runId }, AUTHOR)).run).toEqual(author)
})

it.each([
  ['removeMember', {}],
  ['changeMemberRole', { role: 'MEMBER' }],
])('loses by %s the keys that the admin who made them has seen', async (mutation, input) => {
  const maker = await joinAsAdmin('Maker')
  const account = await makeAccount()
  const [seen, unseen] = [await keyOf(account, maker), await keyOf(account)]
  const where = { teamId_userId: { teamId: owner.teamId, userId: maker.userId } }
  const member = await server.database.member.findUniqueOrThrow({ where })
  expect((await owner.api.mutate(mutation, { memberId: member.id, ...input })).errors).toEqual([])
  const status = async (key: Api) => (await key.send('{ viewer { user { id } } }')).status
  expect([await status(seen), await status(unseen)]).toEqual([401, 200])
})

it('ends with its keys, and closes what it has open; what it made stays', async () => {
  const { runId } = await insertFinishedRun(server.database, server.storage, owner)
  const serviceAccountId = await makeAccount()
  const key = await keyOf(serviceAccountId)
  const { run } = await key.mutate('cloneRun', { runId }, 'run { id }')
  const query = 'subscription ($id: ID!) { runEvents(runId: $id, afterSeq: 0) { seq } }'
  const events = key.listen(query, { id: run.id })
  // It is open once the first event has come.
  expect((await events.next()).value.errors).toBeUndefined()
  const closed = expect(drain(events)).rejects.toMatchObject({ code: 4401 })
  const { deletedId } = await owner.api.mutate('deleteServiceAccount', { serviceAccountId }, 'deletedId')
  expect(deletedId).toBe(serviceAccountId)
  await closed
  expect((await key.send('{ viewer { user { id } } }')).status).toBe(401)
  const seen = await owner.api.ask(
    'query ($id: ID!) { node(id: $id) { ... on Run { createdBy { name } } } }',
    {
      id: run.id,
    },
  )
  expect(seen.node.createdBy.name).toBe('Nightly training')
  const again = await owner.api.mutate('deleteServiceAccount', { serviceAccountId })
  expect(again.errors[0].code).toBe('NOT_FOUND')
})

it('is listed for admins, and is none of the members, whom it cannot be made one of', async () => {
  const serviceAccountId = await makeAccount()
  const query = `query ($id: ID!) { node(id: $id) { ... on Team {
    serviceAccounts { id name role createdBy { name } } members { user { name } } } } }`
  const { node } = await owner.api.ask(query, { id: owner.teamId })
  expect(node.serviceAccounts).toContainEqual({
    id: serviceAccountId,
    name: 'Nightly training',
    role: 'MEMBER',
    createdBy: { name: 'Owner' },
  })
  expect(node.members.map(({ user }: { user: { name: string } }) => user.name)).not.toContain(
    'Nightly training',
  )
  const { userId } = await server.database.serviceAccount.findUniqueOrThrow({
    where: { id: serviceAccountId },
  })
  const { id: memberId } = await server.database.member.findFirstOrThrow({ where: { userId } })
  for (const mutation of ['removeMember', 'handOverTeam'])
    expect((await owner.api.mutate(mutation, { memberId })).errors[0].code).toBe('NOT_FOUND')
})

it('is never an owner, and a key of one that only looks gets no scope that would be of no use', async () => {
  const input = { teamId: owner.teamId, name: 'Boss', role: 'OWNER' }
  const { errors } = await owner.api.mutate('createServiceAccount', input)
  expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['role'] })
  const serviceAccountId = await makeAccount(owner, 'VIEWER')
  const wanted = { teamId: owner.teamId, name: 'k', serviceAccountId, scopes: ['RUN'] }
  const refused = await owner.api.mutate('createApiKey', wanted)
  expect(refused.errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['scopes'] })
  const key = await keyOf(serviceAccountId)
  expect(await key.ask('{ viewer { apiKey { scopes } user { name } teams { viewerRole } } }')).toEqual({
    viewer: {
      apiKey: { scopes: ['READ'] },
      user: { name: 'Nightly training' },
      teams: [{ viewerRole: 'VIEWER' }],
    },
  })
})

it('gets no mail, so that nobody sets a password for it', async () => {
  const serviceAccountId = await makeAccount()
  const email = `${serviceAccountId}@service-account.invalid`
  const route = 'request-password-reset'
  const response = await authenticate(server.url, server.config.publicOrigin, route, { email })
  expect(response.status).toBe(200)
  expect(await server.database.mail.count({ where: { to: email } })).toBe(0)
})
