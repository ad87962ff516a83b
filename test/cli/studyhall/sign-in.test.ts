import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInByDevice } from '../../../cli/studyhall/api/device-sign-in.ts'
import { makeKey } from '../../server/make-key.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'
import { openTerminal, type Terminal } from './run-studyhall.ts'

let server: TestServer
let ada: Person
let terminal: Terminal
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  terminal = await openTerminal(server, ada)
})
afterAll(async () => {
  await terminal.close()
  await server.stop()
})

const NO_KEY = { STUDYHALL_KEY: '', STUDYHALL_URL: '' }

describe('studyhall sign-in', () => {
  it('keeps a key that is piped in, in a file for its owner alone, and goes by it from then on', async () => {
    const key = await makeKey(ada)
    const argv = ['sign-in', '--url', server.url]
    expect(await terminal.studyhall(argv, { input: `${key}\n`, env: NO_KEY })).toMatchObject({ code: 0 })
    const file = path.join(terminal.home, '.config/studyhall/key.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ url: server.url, key })
    const { code, stdout } = await terminal.studyhall(['whoami', '--json'], { env: NO_KEY })
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { url: server.url, team: { id: ada.teamId } }])
  })

  it('sends a stored key to no other address', async () => {
    const elsewhere = { ...NO_KEY, STUDYHALL_URL: 'http://127.0.0.1:9' }
    const { code, stderr } = await terminal.studyhall(['whoami'], { env: elsewhere })
    expect([code, stderr]).toEqual([5, expect.stringContaining(`The stored key is for ${server.url}`)])
  })

  it('stores no key that is not good', async () => {
    const before = await readFile(path.join(terminal.home, '.config/studyhall/key.json'), 'utf8')
    const argv = ['sign-in', '--url', server.url]
    const refused = await terminal.studyhall(argv, { input: `sh_${'0'.repeat(48)}`, env: NO_KEY })
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('unknown, expired or revoked') })
    expect(await readFile(path.join(terminal.home, '.config/studyhall/key.json'), 'utf8')).toBe(before)
  })

  it('is forgotten by sign-out', async () => {
    expect(await terminal.studyhall(['sign-out'])).toMatchObject({ code: 0 })
    expect(await terminal.studyhall(['whoami'], { env: NO_KEY })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('Nobody is signed in'),
    })
  })
})

describe('studyhall login', () => {
  /** Runs it until it shows its code. @returns how it ends, and the code as the server has it */
  async function begin() {
    const ended = terminal.studyhall(['login', '--url', server.url], { env: NO_KEY })
    const find = () =>
      server.database.deviceRequest.findFirst({ where: { approvedById: null, deniedAt: null } })
    await expect.poll(find, { interval: 20 }).not.toBeNull()
    return { ended, userCode: (await find())!.userCode }
  }

  it('has a key with the scopes that were confirmed in a browser, which is listed and revoked as others are', async () => {
    const { ended, userCode } = await begin()
    const { deviceRequest } = await ada.api.ask(
      `{ deviceRequest(userCode: "${userCode}") { clientName address } }`,
    )
    expect(deviceRequest).toEqual({
      clientName: expect.stringMatching(/^studyhall on /),
      address: '127.0.0.1',
    })
    const input = { userCode, teamId: ada.teamId, scopes: ['RUN'], expiresInDays: 1 }
    expect((await ada.api.mutate('approveDevice', input)).errors).toEqual([])
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([0, expect.stringContaining(`/device?code=${userCode.slice(0, 4)}-`)])
    const { stdout } = await terminal.studyhall(['whoami', '--json'], { env: NO_KEY })
    expect(JSON.parse(stdout)).toMatchObject({ team: { id: ada.teamId } })
    const { node } = await ada.api.ask(
      `{ node(id: "${ada.teamId}") { ... on Team { apiKeys { id name scopes expiresAt } } } }`,
    )
    const made = node.apiKeys.find(({ name }: { name: string }) => name.startsWith('studyhall on '))
    expect(made).toMatchObject({ scopes: ['READ', 'RUN'], expiresAt: expect.any(String) })
    await ada.api.mutate('revokeApiKey', { apiKeyId: made.id })
    expect(await terminal.studyhall(['whoami'], { env: NO_KEY })).toMatchObject({ code: 5 })
  })

  it('goes on waiting where the server is away for a while', async () => {
    let asked = 0
    const flaky = createServer((request, response) => {
      if (request.url?.endsWith('/code')) {
        const uri = 'http://127.0.0.1/device?code=BCDF-GHJK'
        const begun = { device_code: 'd', user_code: 'BCDF-GHJK', verification_uri_complete: uri }
        return response.end(JSON.stringify({ ...begun, expires_in: 60, interval: 0.02 }))
      }
      asked++
      if (asked === 1) return request.socket.destroy()
      if (asked === 2) return response.writeHead(503).end('{}')
      response.end('{ "access_token": "sh_key" }')
    })
    await once(flaky.listen(0, '127.0.0.1'), 'listening')
    const origin = `http://127.0.0.1:${(flaky.address() as AddressInfo).port}`
    expect(await signInByDevice(origin, () => {}, new AbortController().signal)).toBe('sh_key')
    expect(asked).toBe(3)
    flaky.close()
  })

  it('says so where too many have asked for a code', async () => {
    const busy = createServer((_, response) => {
      response
        .writeHead(429, { 'content-type': 'application/json' })
        .end('{ "message": "Too many attempts." }')
    })
    await once(busy.listen(0, '127.0.0.1'), 'listening')
    const { port } = busy.address() as AddressInfo
    const ended = await terminal.studyhall(['login', '--url', `http://127.0.0.1:${port}`], { env: NO_KEY })
    busy.close()
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/answered 429: Too many attempts/) })
  })

  it('ends where it is refused', async () => {
    const { ended, userCode } = await begin()
    const dashed = `${userCode.slice(0, 4)}-${userCode.slice(4)}`.toLowerCase()
    expect((await ada.api.mutate('denyDevice', { userCode: dashed })).errors).toEqual([])
    expect(await ended).toMatchObject({ code: 5, stderr: expect.stringContaining('refused in the browser') })
  })
})

describe('studyhall', () => {
  it.each([
    [['fly'], /unknown command 'fly'; see --help/],
    [['run', 'start'], /required option '--cohort <cohort>' not specified; see --help/],
    [['run', 'watch', '99'], /There is no run 99 in the team/],
    [['run', 'watch', 'soon'], /“soon” is no run: write its number, its id, or latest/],
    [
      ['run', 'start', '--cohort', 'a', '--dataset', 'b', '--fail-below', 'top1=0.9'],
      /--fail-below needs --wait/,
    ],
    [
      ['run', 'start', '--cohort', 'a', '--dataset', 'b', '--fail-below', 'top1=90'],
      /a fraction from 0 to 1/,
    ],
    [['run', 'list', '--limit', '1000'], /a whole number from 1 to 100; see --help/],
    [['run', 'list', '--status', 'happy'], /--status happy: choose of queued/],
    [['run'], /Usage: studyhall run/],
    [['dataset', 'show', 'cats'], /There is no dataset “cats”/],
    [['dataset', 'import', '/nowhere', '--name', 'n'], /There is no file or folder \/nowhere/],
    [['cohort', 'create', '/nowhere.json'], /cannot be read \(ENOENT\)/],
    [['model', 'download', 'ada'], /“ada” is no model/],
  ])('%j ends with 2 and says why', async (argv, why) => {
    const { code, stderr } = await terminal.studyhall(argv)
    expect(stderr).toMatch(why)
    expect(code).toBe(2)
  })

  it('says that nothing answers at an address, and that a page there is not Studyhall', async () => {
    const env = { STUDYHALL_URL: 'http://127.0.0.1:9' }
    const away = await terminal.studyhall(['whoami'], { env })
    expect(away).toMatchObject({ code: 1, stderr: 'Studyhall does not answer at http://127.0.0.1:9.\n' })
  })

  it('shows its help, with the exit codes', async () => {
    const { code, stdout } = await terminal.studyhall(['--help'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('4 a score is below --fail-below')])
  })
})
