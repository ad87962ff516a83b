import { type GraphQLInputObjectType, getNamedType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import type { AuditEvent } from '../../../prisma/client.ts'
import { AUDITED_MUTATIONS } from '../../../server/audit/audited-mutations.ts'
import { detailOfRefusal, TOLD_AN_HOUR } from '../../../server/audit/refusals.ts'
import { createSchema } from '../../../server/graphql/schema.ts'
import { insertEverything, type TeamIdType } from '../access/everything.ts'
import { inputFor } from '../access/made-inputs.ts'
import { makeKey } from '../make-key.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

const mutations = Object.values(createSchema().getMutationType()!.getFields())

let server: TestServer
let owner: Person
let stranger: Person
let ids: Record<TeamIdType, string>
beforeAll(async () => {
  server = await startTestServer()
  owner = await server.signUp('Owner')
  stranger = await server.signUp('Stranger')
  ids = await insertEverything(server, owner)
})
afterAll(() => server.stop())

/** What the log has from a moment on, the first first. */
async function logged(work: () => Promise<unknown>): Promise<AuditEvent[]> {
  const before = await server.database.auditEvent.findMany({ select: { id: true } })
  await work()
  const known = before.map(({ id }) => id)
  return server.database.auditEvent.findMany({ where: { id: { notIn: known } }, orderBy: { id: 'asc' } })
}

describe('every mutation of the schema', () => {
  it('has a line in the table of what is audited, and no line is of none', () => {
    expect(Object.keys(AUDITED_MUTATIONS).toSorted()).toEqual(mutations.map(({ name }) => name).toSorted())
  })

  it('is kept by fields that its input has, none of them secret', () => {
    for (const { name, args } of mutations) {
      const { keep } = AUDITED_MUTATIONS[name]!
      const fields = (getNamedType(args[0]!.type) as GraphQLInputObjectType).getFields()
      expect(Object.keys(fields), name).toEqual(expect.arrayContaining([...keep]))
      expect(keep.join(), name).not.toMatch(/password|token|secret|notes/i)
    }
  })

  it.each(mutations.map(({ name }) => name))(
    '%s leaves a row, whether it is done or refused',
    async (name) => {
      const { args } = mutations.find((mutation) => mutation.name === name)!
      const input = inputFor(getNamedType(args[0]!.type) as GraphQLInputObjectType, name, (kind) => ids[kind])
      const rows = await logged(() => stranger.api.mutate(name, input))
      expect(rows).toMatchObject([{ action: AUDITED_MUTATIONS[name]!.action, actorKind: 'PERSON' }])
      // Of what a stranger asked the team learns nothing.
      if (rows[0]!.outcome === 'REFUSED') expect(rows[0]!.teamId).toBeNull()
    },
  )

  it('is told of three hundred times an hour at most where it is refused, and what is done always', async () => {
    const { api, userId } = await server.signUp('Script')
    const actor = { kind: 'PERSON', id: userId } as const
    for (let k = 2; k < TOLD_AN_HOUR; k++) expect(await detailOfRefusal(actor)).toEqual({})
    const rows = await logged(async () => {
      for (let k = 0; k < 4; k++) await api.mutate('renameTeam', { teamId: owner.teamId, name: 'x' })
      await api.mutate('createTeam', { name: 'Its own' })
    })
    expect(rows).toMatchObject([
      { outcome: 'REFUSED', detail: null },
      { outcome: 'REFUSED', detail: { untold: expect.stringContaining('more') } },
      { outcome: 'DONE', action: 'team.create' },
    ])
  })

  it('leaves none of whoever is not signed in, who changes nothing', async () => {
    const api = new Api(server.url)
    expect(await logged(() => api.mutate('createTeam', { name: 'Nobody’s' }))).toEqual([])
  })
})

describe('a row', () => {
  const only = async (work: () => Promise<unknown>) => {
    const rows = await logged(work)
    expect(rows).toHaveLength(1)
    return rows[0]!
  }
  /** The transaction that wrote a row. */
  const transactionOf = async (table: string, id: string) => {
    const sql = `SELECT xmin::text AS "writtenBy" FROM "${table}" WHERE id = $1`
    const [row] = await server.database.$queryRawUnsafe<{ writtenBy: string }[]>(sql, id)
    return row!.writtenBy
  }

  it.each([
    ['startRun', 'Run', () => ({ cohortId: ids.Cohort, datasetVersionId: ids.DatasetVersion })],
    ['setRunPriority', 'Run', () => ({ runId: ids.Run, priority: 3 })],
    ['createCohort', 'Cohort', () => cohort()],
    ['createUpload', 'Upload', () => ({ teamId: owner.teamId, fileName: 'a.zip', byteLength: 5 })],
    ['createApiKey', 'ApiKey', () => ({ teamId: owner.teamId, name: 'ci' })],
    ['createInvitation', 'Invitation', () => ({ teamId: owner.teamId, role: 'VIEWER' })],
    ['renameTeam', 'Team', () => ({ teamId: owner.teamId, name: 'Another' })],
    ['saveRunView', 'RunView', () => ({ teamId: owner.teamId, name: 'v', search: '' })],
  ] as const)('of %s is written in the transaction of the change', async (name, table, input) => {
    const row = await only(() => owner.api.mutate(name, input()))
    expect(row).toMatchObject({ outcome: 'DONE', teamId: owner.teamId, subjectType: table })
    expect(await transactionOf('AuditEvent', row.id)).toBe(await transactionOf(table, row.subjectId!))
  })
  const cohort = () => ({
    teamId: owner.teamId,
    name: newId('Cohort'),
    students: ['a', 'b'].map((name) => ({ name, architecture: 'resnet-8' })),
  })

  it('says who did it from where: a person', async () => {
    const headers = { ...owner.api.headers, 'user-agent': `Browser ${'x'.repeat(900)}` }
    const row = await only(() => new Api(server.url, headers).mutate('createCohort', cohort()))
    expect(row).toMatchObject({ actorKind: 'PERSON', actorId: owner.userId, keyId: null })
    expect(row.address).toMatch(/127\.0\.0\.1$/)
    expect(row.userAgent).toMatch(/^Browser x{152}$/)
    expect(row.requestId).toMatch(/^req_[0-9a-f]{20}$/)
  })

  it('says who did it: a key, with its name', async () => {
    const key = new Api(server.url, { authorization: `Bearer ${await makeKey(owner)}` })
    const [firstUse, row] = await logged(() => key.mutate('createCohort', cohort()))
    expect(firstUse).toMatchObject({ action: 'key.first-use' })
    const { name, id } = await server.database.apiKey.findFirstOrThrow({ orderBy: { id: 'desc' } })
    expect(row).toMatchObject({ actorKind: 'API_KEY', actorId: owner.userId, keyId: id, keyName: name })
  })

  it('is written for what came over a WebSocket, too', async () => {
    const query = 'mutation ($input: RenameTeamInput!) { renameTeam(input: $input) { errors { code } } }'
    const rename = async () => {
      for await (const _ of owner.api.listen(query, { input: { teamId: owner.teamId, name: 'By socket' } }));
    }
    const row = await only(rename)
    expect(row).toMatchObject({ action: 'team.rename', actorId: owner.userId })
    expect(row.address).toMatch(/127\.0\.0\.1$/)
    expect(row.requestId).toMatch(/^req_/)
  })

  it('has before and after of a role, and names the person', async () => {
    const { userId } = await server.signUp('Grace')
    const member = { id: newId('Member'), teamId: owner.teamId, userId, role: 'VIEWER' as const }
    await server.database.member.create({ data: member })
    const row = await only(() => owner.api.mutate('changeMemberRole', { memberId: member.id, role: 'ADMIN' }))
    expect(row).toMatchObject({ subjectType: 'User', subjectId: userId, subjectName: null })
    expect(row.detail).toEqual({ role: { from: 'VIEWER', to: 'ADMIN' } })
  })

  it('of what a member may not do is the team’s to see', async () => {
    const viewer = await server.signUp('Viewer')
    const member = {
      id: newId('Member'),
      teamId: owner.teamId,
      userId: viewer.userId,
      role: 'VIEWER' as const,
    }
    await server.database.member.create({ data: member })
    const row = await only(() => viewer.api.mutate('deleteRun', { runId: ids.Run }))
    expect(row).toMatchObject({ outcome: 'REFUSED', code: 'FORBIDDEN', teamId: owner.teamId })
    expect(row).toMatchObject({ subjectType: 'Run', subjectId: ids.Run, subjectPath: 'runs/1' })
  })

  it('is written for each of several runs', async () => {
    const input = { runIds: [ids.Run], add: ['good'] }
    const [first, ...others] = await logged(() => owner.api.mutate('tagRuns', input))
    expect(others).toEqual([])
    expect(first).toMatchObject({ subjectId: ids.Run, detail: { add: ['good'] } })
  })

  it('never has the address of somebody who is invited', async () => {
    const email = 'invited@example.org'
    const input = { teamId: owner.teamId, role: 'VIEWER', email }
    const rows = await logged(async () => {
      const { url } = await owner.api.mutate('createInvitation', input, 'url invitation { id }')
      expect(url).toBeTruthy()
    })
    expect(rows).toMatchObject([{ subjectType: 'Invitation', outcome: 'DONE', subjectName: null }])
    expect(JSON.stringify(rows)).not.toContain(email)
  })

  it('never has a password, a key or an invitation’s link', async () => {
    const password = 'correct horse battery'
    const { userId, api } = await server.signUp('Leaver')
    const rows = await logged(async () => {
      await api.mutate('deleteAccount', { password: 'wrong horse battery' })
      await api.mutate('deleteAccount', { password })
      const { secret } = await owner.api.mutate('createApiKey', { teamId: owner.teamId, name: 'k' }, 'secret')
      expect(secret).toBeTruthy()
    })
    expect(rows.map(({ outcome }) => outcome)).toEqual(['REFUSED', 'DONE', 'DONE'])
    expect(rows[1]).toMatchObject({ action: 'account.delete', subjectId: userId })
    expect(JSON.stringify(rows)).not.toMatch(/horse|sh_[0-9a-f]|hash/)
  })
})

describe('the log', () => {
  it('is only added to', async () => {
    const { database } = server
    await expect(database.auditEvent.updateMany({ data: { action: 'x' } })).rejects.toThrow(/only added to/)
    await expect(database.auditEvent.deleteMany({})).rejects.toThrow(/only added to/)
    await expect(database.$executeRaw`TRUNCATE "AuditEvent"`).rejects.toThrow(/only added to/)
  })

  it('forgets what is old, and nothing of the last thirty days, whoever asks', async () => {
    const { database } = server
    const old = { id: 'aud_0000000000000000000000000', at: new Date(0), action: 'run.start' }
    await database.auditEvent.create({ data: { ...old, actorKind: 'SYSTEM', outcome: 'DONE' } })
    const count = await database.auditEvent.count()
    // A service whose clock is ahead asks for more than there is to forget.
    expect(
      await database.$queryRaw`SELECT prune_audit_events(now() + interval '1 day', 10) AS pruned`,
    ).toEqual([{ pruned: 1 }])
    expect(await database.auditEvent.count()).toBe(count - 1)
  })
})
