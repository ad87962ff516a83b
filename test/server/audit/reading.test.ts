import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { idsFrom, newId } from '../../../contract/ids.ts'
import { pruneOnce } from '../../../server/use-cases/audit/prune-audit.ts'
import { type AuditFilter, readAudit } from '../../../server/use-cases/audit/read-audit.ts'
import { makeKey } from '../make-key.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

const EVENTS = `query ($id: ID!, $first: Int, $after: String, $filter: AuditFilter) {
  node(id: $id) { ... on Team { auditEvents(first: $first, after: $after, filter: $filter) {
    nodes { id at action title outcome code detail actor { kind id name email keyName } subject { type id name path } team { slug } }
    pageInfo { hasNextPage endCursor } } } } }`

let server: TestServer
let administrator: Person
let owner: Person
let teamId: string
beforeAll(async () => {
  server = await startTestServer()
  administrator = await server.signUp('Administrator')
  owner = await server.signUp('Olga')
  teamId = owner.teamId
})
afterAll(() => server.stop())

const read = async (variables: object = {}, api: Api = owner.api) =>
  (await api.ask(EVENTS, { id: teamId, ...variables })).node.auditEvents

/** As if it had happened so long ago. */
const insert = (daysAgo: number, row: object = {}) => {
  const at = new Date(Date.now() - daysAgo * 86_400_000)
  const id = `${idsFrom('AuditEvent', at)}${newId('Run').slice(-16)}`
  const usual = { actorKind: 'PERSON', actorId: owner.userId, action: 'run.start', outcome: 'DONE' } as const
  return server.database.auditEvent.create({ data: { id, at, teamId, ...usual, ...row } })
}

describe('a team’s log', () => {
  it('names people as they are called now, with words, subject and link', async () => {
    const run = await insertFinishedRun(server.database, server.storage, owner)
    await owner.api.mutate('setRunPriority', { runId: run.runId, priority: 7 })
    const { nodes } = await read({ first: 1 })
    expect(nodes[0]).toMatchObject({
      ...{ action: 'run.priority', title: 'Run’s priority changed', outcome: 'DONE', code: null },
      actor: { kind: 'PERSON', id: owner.userId, name: 'Olga', email: owner.account.email, keyName: null },
      subject: { type: 'Run', id: run.runId, name: 'run 1', path: 'runs/1' },
      detail: { priority: { from: 0, to: 7 } },
      team: { slug: expect.any(String) },
    })
  })

  it('is read page by page without gaps, while rows come in', async () => {
    for (const day of [50, 51, 52, 53]) await insert(day, { subjectId: 'paged' })
    const filter = { subjectId: 'paged' }
    const first = await read({ first: 3, filter })
    await insert(0, { subjectId: 'paged' })
    const { nodes, pageInfo } = await read({ first: 3, filter, after: first.pageInfo.endCursor })
    expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([3, true])
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([1, false])
  })

  it.each([
    ['actor', { actorId: 'someone' }],
    ['key', { actorId: 'key_0000000000000000000000000' }],
    ['action', { actions: ['cohort.create', 'run.clone'] }],
    ['subject', { subjectId: 'something' }],
    ['outcome', { outcome: 'FAILED' }],
    ['time', { from: new Date(Date.now() - 61 * 86_400_000), to: new Date(Date.now() - 59 * 86_400_000) }],
  ])('is filtered by %s', async (what, filter) => {
    const found = await insert(60, {
      ...(what === 'actor' && { actorId: 'someone' }),
      ...(what === 'key' && { keyId: 'key_0000000000000000000000000' }),
      ...(what === 'action' && { action: 'run.clone' }),
      ...(what === 'subject' && { subjectId: 'something' }),
      ...(what === 'outcome' && { outcome: 'FAILED', code: 'INTERNAL_SERVER_ERROR' }),
    })
    const { nodes } = await read({ filter })
    const ids = nodes.map(({ id }: { id: string }) => id)
    expect(ids).toContain(found.id)
    if (what !== 'time') expect(ids).toEqual([found.id])
    expect(ids.length).toBeLessThan(12)
  })

  it('refuses a filter that means nothing, by name', async () => {
    const { errors } = await owner.api.send(EVENTS, { id: teamId, filter: { actions: ['run.fly'] } })
    expect(errors).toMatchObject([{ message: expect.stringContaining('“run.fly”') }])
  })

  it('is for admins and owners: no member, no key, no stranger', async () => {
    const join = async (role: 'MEMBER' | 'ADMIN') => {
      const { api, userId } = await server.signUp(role)
      await server.database.member.create({ data: { id: newId('Member'), teamId, userId, role } })
      return api
    }
    const member = await join('MEMBER')
    const key = new Api(server.url, { authorization: `Bearer ${await makeKey(owner)}` })
    for (const api of [member, key])
      expect((await api.send(EVENTS, { id: teamId })).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
      ])
    expect((await read({ first: 1 }, await join('ADMIN'))).nodes).toHaveLength(1)
    const { api } = await server.signUp('Stranger')
    expect(await api.ask(EVENTS, { id: teamId })).toEqual({ node: null })
  })
})

describe('the instance’s log', () => {
  const ALL = '{ instance { auditEvents(first: 100) { nodes { action team { name } } } } }'
  it('is its administrator’s, who sees every team and every sign-in', async () => {
    const { instance } = await administrator.api.ask(ALL)
    const actions = instance.auditEvents.nodes.map(({ action }: { action: string }) => action)
    expect(actions).toContain('account.sign-up')
    expect(actions).toContain('run.priority')
    expect(await owner.api.ask(ALL)).toEqual({ instance: null })
  })
})

describe('a file of the log', () => {
  const download = (name: string, api: Api = owner.api) =>
    fetch(`${server.url}/files/audit/${name}`, { headers: api.headers })

  it('as CSV evaluates nothing in a spreadsheet', async () => {
    await insert(70, { subjectId: 'formula', subjectName: '=HYPERLINK("http://evil")', detail: { a: '=1' } })
    const response = await download(`${teamId}.csv?subjectId=formula`)
    expect(response.headers.get('content-disposition')).toContain('audit-log.csv')
    const [head, row, end] = (await response.text()).split('\r\n')
    expect(head).toMatch(/^time,actor_kind,.*,detail$/)
    expect(row).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(end).toBe('')
  })

  it('as JSON lines has every row of the filter, however many pages that is, and is told of itself', async () => {
    const data = Array.from({ length: 2_345 }, (_, k) => ({
      ...{ id: `${idsFrom('AuditEvent', new Date(1e12 + k))}${'0'.repeat(16)}`, at: new Date(1e12 + k) },
      ...{ teamId, action: 'cohort.create', actorKind: 'SYSTEM' as const, outcome: 'DONE' as const },
    }))
    await server.database.auditEvent.createMany({ data })
    const text = await (
      await download(`${teamId}.jsonl?actions=cohort.create&to=2020-01-01T00:00:00Z`)
    ).text()
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows).toHaveLength(2_345)
    expect(rows[0].time > rows.at(-1).time).toBe(true)
    const { nodes } = await read({ first: 1 })
    expect(nodes[0]).toMatchObject({ action: 'audit.export', detail: { file: 'jsonl' } })
    // Kept for 400 days; what is older goes in parts.
    await pruneOnce(server)
    expect(await server.database.auditEvent.count({ where: { at: { lt: new Date(2e12 / 2 + 1e7) } } })).toBe(
      0,
    )
    const last = await server.database.auditEvent.findFirst({ orderBy: { id: 'desc' } })
    expect(last).toMatchObject({ action: 'audit.prune', actorKind: 'SYSTEM', detail: { rows: 2_345 } })
  })

  it('of a team is not for others, and of the instance only for its administrator', async () => {
    const { api } = await server.signUp('Stranger')
    expect((await download(`${teamId}.csv`, api)).status).toBe(404)
    expect((await download('instance.csv')).status).toBe(403)
    expect((await download('instance.csv', administrator.api)).status).toBe(200)
    expect((await download(`${teamId}.csv?from=yesterday`)).status).toBe(400)
    expect((await download(`${teamId}.exe`)).status).toBe(404)
  })
})

describe('the log tells of downloads', () => {
  it('who took which file away, once a download', async () => {
    const run = await insertFinishedRun(server.database, server.storage, owner)
    const { download } = await owner.api.mutate('createDownload', { id: run.modelId }, 'download { url }')
    const url = new URL(download.url, server.url)
    const take = (headers: Record<string, string> = {}) =>
      fetch(`${server.url}${url.pathname}${url.search}`, { headers })
    // All but its first byte is the file as well, and so is what else its holder takes of it.
    await (await take({ range: 'bytes=1-' })).arrayBuffer()
    await (await take({ range: 'bytes=2-' })).arrayBuffer()
    await (await fetch(`${server.url}/files/logs/${run.runId}.txt`, owner.api)).arrayBuffer()
    const { nodes } = await read({ first: 20 })
    const taken = nodes.filter(({ action }: { action: string }) => action.startsWith('download.'))
    expect(taken).toMatchObject([
      { action: 'download.file', subject: { type: 'Run' }, detail: { file: 'log' } },
      { action: 'download.file', subject: { type: 'Artifact' }, detail: { format: 'TFJS', of: run.modelId } },
      { action: 'download.link', subject: { type: 'Model', id: run.modelId } },
    ])
    expect(taken[1].actor).toMatchObject({ kind: 'PERSON', id: owner.userId })
  })
})

describe('a page of a million rows costs no more than one of ten, since an index has its order:', () => {
  const from = '2026-01-01T00:00:00Z'
  const to = '2026-01-02T00:00:00Z'
  const FILTERS: [string, AuditFilter][] = [
    ['unfiltered', {}],
    ['by person', { actorId: 'user_1' }],
    ['by key', { actorId: 'key_1' }],
    ['by action', { actions: ['run.pause'] }],
    ['by what it is about', { subjectId: 'run_1' }],
    ['of what was refused', { outcome: 'REFUSED' }],
    ['of a day', { from, to }],
    ['by person, of a day', { actorId: 'user_1', from, to }],
  ]
  const scopes = [
    ['a team’s', { teamId: 'team_1' }],
    ['the instance’s', 'INSTANCE'],
  ] as const

  it.each(scopes.flatMap(([whose, scope]) => FILTERS.map(([by, filter]) => ({ whose, by, scope, filter }))))(
    '$whose, $by',
    async ({ scope, filter }) => {
      const { database } = server
      const query = vi.spyOn(pg.Client.prototype, 'query')
      await readAudit(database, scope, filter, { first: 50, after: null })
      const asked = query.mock.calls.map(([one]) => one as unknown as { text: string; values: unknown[] })
      const { text, values } = asked.find((one) => one.text?.includes('ORDER BY'))!
      query.mockRestore()
      const plan = await database.$transaction(async (tx) => {
        // What is left where the table is too large to be read whole or sorted.
        for (const way of ['seqscan', 'sort', 'bitmapscan'])
          await tx.$executeRawUnsafe(`SET LOCAL enable_${way} = off`)
        return tx.$queryRawUnsafe(`EXPLAIN (COSTS off) ${text}`, ...values)
      })
      expect(JSON.stringify(plan)).toContain('Index')
      expect(JSON.stringify(plan)).not.toMatch(/Seq Scan|Sort/)
    },
  )
})
