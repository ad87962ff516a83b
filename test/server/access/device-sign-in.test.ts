import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { hashDeviceCode } from '../../../server/use-cases/devices/device-codes.ts'
import { pruneExpired } from '../../../server/use-cases/devices/prune-device-requests.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server?.stop())

interface Answered extends Partial<Record<'device_code' | 'user_code' | 'access_token' | 'error', string>> {
  status: number
}

async function post(step: 'code' | 'token', body: Record<string, string>): Promise<Answered> {
  const response = await fetch(`${server.url}/api/auth/device/${step}`, {
    method: 'POST',
    body: new URLSearchParams(body),
  })
  return { status: response.status, ...((await response.json()) as object) }
}
const begin = () => post('code', { client_name: 'a notebook' })
const approve = (userCode: string | undefined, person = ada, scopes?: string[]) =>
  person.api.mutate('approveDevice', { userCode, teamId: ada.teamId, scopes }, 'device { clientName }')
const fetchKey = (device_code: string | undefined) => post('token', { device_code: device_code ?? '' })

it('row 68: gives a key once, of which nothing lies in the table', async () => {
  const begun = await begin()
  expect(begun).toMatchObject({
    verification_uri: 'http://localhost:3000/device',
    user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
    expires_in: 600,
  })
  expect(await fetchKey(begun.device_code)).toMatchObject({ status: 400, error: 'authorization_pending' })
  expect((await approve(begun.user_code)).device).toEqual({ clientName: 'a notebook' })
  expect(JSON.stringify(await server.database.deviceRequest.findMany())).not.toContain('sh_')
  // Two at once.
  const answers = await Promise.all([fetchKey(begun.device_code), fetchKey(begun.device_code)])
  const given = answers.filter(({ access_token }) => access_token)
  expect(given).toHaveLength(1)
  expect(answers.find(({ error }) => error)).toMatchObject({ error: 'expired_token' })
  const key = new Api(server.url, { authorization: `Bearer ${given[0]!.access_token}` })
  expect((await key.ask('{ viewer { apiKey { name scopes } } }')).viewer.apiKey).toEqual({
    name: 'a notebook',
    scopes: ['READ', 'RUN', 'UPLOAD'],
  })
  const told = await server.database.auditEvent.findMany({ where: { teamId: ada.teamId } })
  const actions = told.map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['key.approve-device', 'key.create']))
})

it('is over after ten minutes, and decided once', async () => {
  const late = await begin()
  const where = { id: hashDeviceCode(late.device_code!) }
  await server.database.deviceRequest.update({ where, data: { expiresAt: new Date(Date.now() - 1) } })
  expect((await approve(late.user_code)).errors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['userCode'] },
  ])
  expect(await fetchKey(late.device_code)).toMatchObject({ error: 'expired_token' })
  const begun = await begin()
  await pruneExpired(server.database)
  const left = await server.database.deviceRequest.findMany()
  expect(left.map(({ id }) => id)).toContain(hashDeviceCode(begun.device_code!))
  expect(left.map(({ id }) => id)).not.toContain(where.id)
  expect(await fetchKey(late.device_code)).toMatchObject({ error: 'expired_token' })
  expect((await ada.api.mutate('denyDevice', { userCode: begun.user_code })).errors).toEqual([])
  expect((await approve(begun.user_code)).errors).toMatchObject([{ code: 'INVALID_INPUT' }])
  expect(await fetchKey(begun.device_code)).toMatchObject({ status: 400, error: 'access_denied' })
})

it('is confirmed by admins of the team alone, who are still admins when the key is fetched', async () => {
  const bob = await server.signUp('Bob')
  const membership = { id: newId('Member'), teamId: ada.teamId, userId: bob.userId }
  await server.database.member.create({ data: { ...membership, role: 'MEMBER' } })
  const begun = await begin()
  expect((await approve(begun.user_code, bob)).errors).toMatchObject([{ code: 'FORBIDDEN' }])
  await server.database.member.update({ where: { id: membership.id }, data: { role: 'ADMIN' } })
  expect((await approve(begun.user_code, bob)).errors).toEqual([])
  await server.database.member.delete({ where: { id: membership.id } })
  // The program is told why, and not that its code is over.
  expect(await fetchKey(begun.device_code)).toMatchObject({
    ...{ status: 400, error: 'access_denied', error_description: expect.stringContaining('team') },
  })
})

it('is for nobody where whoever confirmed it has been suspended since', async () => {
  const bob = await server.signUp('Bob')
  const membership = { id: newId('Member'), teamId: ada.teamId, userId: bob.userId, role: 'ADMIN' } as const
  await server.database.member.create({ data: membership })
  const begun = await begin()
  expect((await approve(begun.user_code, bob)).errors).toEqual([])
  await server.database.user.update({ where: { id: bob.userId }, data: { suspendedAt: new Date() } })
  expect(await fetchKey(begun.device_code)).toMatchObject({ error: 'access_denied' })
})

it('may read and no more where no scope was chosen', async () => {
  const begun = await begin()
  expect((await approve(begun.user_code, ada, [])).errors).toEqual([])
  const { access_token } = await fetchKey(begun.device_code)
  const key = new Api(server.url, { authorization: `Bearer ${access_token}` })
  expect((await key.ask('{ viewer { apiKey { scopes } } }')).viewer.apiKey).toEqual({ scopes: ['READ'] })
})

it('tells a program that asks too often to slow down, and lets nobody try codes', async () => {
  const begun = await begin()
  await fetchKey(begun.device_code)
  const where = { id: hashDeviceCode(begun.device_code!) }
  await server.database.deviceRequest.update({ where, data: { polledAt: new Date(Date.now() + 60_000) } })
  expect(await fetchKey(begun.device_code)).toMatchObject({ status: 400, error: 'slow_down' })
  const eve = await server.signUp('Eve')
  const look = (name: string, code = 'BCDFGHJK') =>
    `${name}: deviceRequest(userCode: "${code}") { clientName }`
  const wrong = Array.from({ length: 10 }, (_, i) => look(`wrong${i}`))
  // All at once, and the right one last.
  const { data, errors } = await eve.api.send(`{ ${wrong.join(' ')} ${look('right', begun.user_code)} }`)
  expect(data).toMatchObject({ wrong9: null, right: null })
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['LIMIT_EXCEEDED'])
})
