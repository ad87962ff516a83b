import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { DownloadLinks } from '../../../server/access/download-links.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, authenticate, cookieOf, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let model: Awaited<ReturnType<typeof insertFinishedRun>>
let link: string

const BYTES = randomBytes(100_000)
const SIZE = BYTES.length

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  model = await insertFinishedRun(server.database, server.storage, ada, BYTES)
  const fields = 'download { url expiresAt artifact { sha256 } }'
  const { download } = await ada.api.mutate('createDownload', { id: model.modelId }, fields)
  link = server.at(download.url)
})
afterAll(() => server.stop())

async function get(headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(link, { method, headers })
  return {
    status: response.status,
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  }
}

describe('a signed link', () => {
  it('brings the file without signing in, as an attachment whose strong ETag is its hash', async () => {
    const { status, headers, body } = await get()
    expect(status).toBe(200)
    expect(body.equals(BYTES)).toBe(true)
    expect(Object.fromEntries(headers)).toMatchObject({
      etag: `"${model.sha256}"`,
      'accept-ranges': 'bytes',
      'content-length': String(SIZE),
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="ada.zip"; filename*=UTF-8''ada.zip`,
      'x-content-type-options': 'nosniff',
    })
  })

  it('tells the same to HEAD, without the bytes', async () => {
    const { status, headers, body } = await get({}, 'HEAD')
    expect([status, headers.get('content-length'), body.length]).toEqual([200, String(SIZE), 0])
  })

  it.each([
    ['bytes=0-99', 0, 99],
    ['bytes=99900-', 99_900, 99_999],
    ['bytes=-100', 99_900, 99_999],
    ['bytes=99999-200000', 99_999, 99_999],
    ['bytes=-200000', 0, 99_999],
  ])('answers %s with 206 and just these bytes', async (range, start, end) => {
    const { status, headers, body } = await get({ range })
    expect([status, headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${SIZE}`])
    expect(body.equals(BYTES.subarray(start, end + 1))).toBe(true)
  })

  it.each([
    'bytes=100000-',
    'bytes=-0',
    `bytes=${Array.from({ length: 100 }, (_, i) => `${i}-${i}`).join(',')}`,
  ])('row 45: answers 416 to %s', async (range) => {
    const { status, headers } = await get({ range })
    expect([status, headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`])
  })

  it.each(['bytes=5-2', 'bytes=a-b', 'pages=1-2', 'bytes=--5'])(
    'passes over %s, which is no range',
    async (range) => {
      expect((await get({ range })).status).toBe(200)
    },
  )

  it('resumes with If-Range only where the file is still the same', async () => {
    const range = 'bytes=100-'
    expect((await get({ range, 'if-range': `"${model.sha256}"` })).status).toBe(206)
    expect((await get({ range, 'if-range': '"another"' })).status).toBe(200)
    expect((await get({ range, 'if-range': `W/"${model.sha256}"` })).status).toBe(200)
  })

  it('answers 304 to If-None-Match', async () => {
    const { status, body } = await get({ 'if-none-match': `"other", "${model.sha256}"` })
    expect([status, body.length]).toEqual([304, 0])
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('lasts at most 15 minutes', async () => {
    const { download } = await ada.api.mutate(
      'createDownload',
      { id: model.ensembleId },
      'download { expiresAt }',
    )
    const lifetimeMs = new Date(download.expiresAt).getTime() - Date.now()
    expect(lifetimeMs).toBeLessThanOrEqual(15 * 60 * 1000)
    expect(lifetimeMs).toBeGreaterThan(14 * 60 * 1000)
  })
})

describe('row 44: a link that is not right is answered 403:', () => {
  const links = () => new DownloadLinks(server.config.authSecret)
  const artifact = () => ({ id: model.artifactId, teamId: ada.teamId })
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  let holder: string
  beforeAll(async () => {
    holder = (await server.database.session.findFirstOrThrow({ where: { userId: ada.userId } })).id
  })
  const status = async (path: string) => (await fetch(`${server.url}${path}`)).status

  it('signed as it should be, it is not', async () => {
    expect(await status(links().sign(artifact(), holder, inMinutes(5)))).toBe(200)
  })
  it('expired', async () => {
    expect(await status(links().sign(artifact(), holder, inMinutes(-0.1)))).toBe(403)
  })
  it('for longer than 15 minutes', async () => {
    expect(await status(links().sign(artifact(), holder, inMinutes(20)))).toBe(403)
  })
  it('with its end put off', async () => {
    const path = links().sign(artifact(), holder, inMinutes(5))
    expect(await status(path.replace(/expires=(\d+)/, (_, at) => `expires=${Number(at) + 60}`))).toBe(403)
  })
  it('for somebody else', async () => {
    const path = links().sign(artifact(), holder, inMinutes(5))
    expect(await status(path.replace(holder, 'somebody'))).toBe(403)
    expect(await status(links().sign(artifact(), 'somebody', inMinutes(5)))).toBe(403)
  })
  it('for another artifact', async () => {
    const path = links().sign(artifact(), holder, inMinutes(5))
    const other = await insertFinishedRun(server.database, server.storage, ada, BYTES)
    expect(await status(path.replace(model.artifactId, other.artifactId))).toBe(403)
  })
  it('signed for another team', async () => {
    expect(await status(links().sign({ ...artifact(), teamId: newId('Team') }, holder, inMinutes(5)))).toBe(
      403,
    )
  })
  it('signed with another secret', async () => {
    expect(await status(new DownloadLinks('x'.repeat(64)).sign(artifact(), holder, inMinutes(5)))).toBe(403)
  })
  it('for an artifact that never was', async () => {
    expect(await status(links().sign({ ...artifact(), id: newId('Artifact') }, holder, inMinutes(5)))).toBe(
      403,
    )
  })
  it('without a signature, or with two', async () => {
    const path = links().sign(artifact(), holder, inMinutes(5))
    expect(await status(`/files/${model.artifactId}`)).toBe(403)
    expect(await status(`${path}&${path.split('?')[1]}`)).toBe(403)
  })
  it.each(['/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '/files/..%5c..%5cx', `/files/${'x'.repeat(5000)}`])(
    'no id but %s',
    async (path) => {
      // Sent by hand, for fetch would tidy the path.
      const code = await new Promise<number>((resolve, reject) => {
        const { hostname, port } = new URL(server.url)
        request({ hostname, port, path }, (response) => resolve(response.resume().statusCode!))
          .on('error', reject)
          .end()
      })
      expect(code).toBe(403)
    },
  )
})

it('createDownload takes a model or an ensemble, and nothing else', async () => {
  const { errors } = await ada.api.mutate('createDownload', { id: model.runId })
  expect(errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['id'] })
})

describe('row 38: a link ends', () => {
  const linkOf = async (api: Api) => {
    const { download } = await api.mutate('createDownload', { id: model.modelId }, 'download { url }')
    return async () => (await fetch(server.at(download.url))).status
  }
  const keyOf = async () => {
    const fields = 'secret apiKey { id }'
    const { secret, apiKey } = await ada.api.mutate(
      'createApiKey',
      { teamId: ada.teamId, name: 'ci' },
      fields,
    )
    return { apiKeyId: apiKey.id, api: new Api(server.url, { authorization: `Bearer ${secret}` }) }
  }

  it('with the key that made it', async () => {
    const { api, apiKeyId } = await keyOf()
    const ask = await linkOf(api)
    expect(await ask()).toBe(200)
    await ada.api.mutate('revokeApiKey', { apiKeyId })
    expect(await ask()).toBe(403)
  })

  it('when that key expires', async () => {
    const { api, apiKeyId } = await keyOf()
    const ask = await linkOf(api)
    await server.database.apiKey.update({ where: { id: apiKeyId }, data: { expiresAt: new Date() } })
    expect(await ask()).toBe(403)
  })

  it('with the session that made it, and with its maker’s membership', async () => {
    const { account } = ada
    const { publicOrigin } = server.config
    const signIn = async () => {
      const cookie = cookieOf(await authenticate(server.url, publicOrigin, 'sign-in/email', account))
      return new Api(server.url, { cookie })
    }
    const [one, other] = [await signIn(), await signIn()]
    const [ofOne, ofOther] = [await linkOf(one), await linkOf(other)]
    const headers = { ...one.headers, origin: publicOrigin, 'content-type': 'application/json' }
    await fetch(`${server.url}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })
    expect([await ofOne(), await ofOther()]).toEqual([403, 200])
    const where = { teamId_userId: { teamId: ada.teamId, userId: ada.userId } }
    // A team always has an owner.
    const { userId } = await server.signUp('Other')
    const successor = { id: newId('Member'), teamId: ada.teamId, userId, role: 'OWNER' } as const
    await server.database.member.create({ data: successor })
    const member = await server.database.member.delete({ where })
    expect(await ofOther()).toBe(403)
    await server.database.member.create({ data: member })
  })
})
