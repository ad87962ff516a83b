import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { openLog } from '../../../logging/open-log.ts'
import { openPartialUploads } from '../../../server/blobs/open-partial-uploads.ts'
import type { Services } from '../../../server/services.ts'
import { purgeOnce } from '../../../server/use-cases/teams/purge-deleted-teams.ts'
import { collectBlobs } from '../../../workers/jobs/collect-blobs.ts'
import { insertCohort, insertFinishedRun, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.signUp('Ada')
})

async function purge(): Promise<void> {
  const uploads = await openPartialUploads(server.config.storage)
  await purgeOnce({ ...server, uploads, log: openLog('server', 'silent') } as unknown as Services)
}
const newSlug = () => `t-${randomBytes(6).toString('hex')}`
const move = (who: Person, slug: string) =>
  who.api.mutate('changeTeamAddress', { teamId: who.teamId, slug }, 'team { slug }')
const found = async (who: Person, slug: string) =>
  (await who.api.ask('query ($slug: String!) { team(slug: $slug) { slug } }', { slug })).team
const slugOf = async ({ teamId }: Person) =>
  (await server.database.team.findUniqueOrThrow({ where: { id: teamId } })).slug

describe('a team’s address', () => {
  it('changes, and the old one leads to it for 30 days, for its members alone', async () => {
    const [old, slug] = [await slugOf(ada), newSlug()]
    expect(await move(ada, slug)).toEqual({ errors: [], team: { slug } })
    expect(await found(ada, old)).toEqual({ slug })
    const grace = await server.signUp('Grace')
    expect(await found(grace, old)).toBeNull()
    expect((await move(grace, old)).errors[0]).toMatchObject({ code: 'CONFLICT', path: ['slug'] })
    await server.database.teamAddress.update({ where: { slug: old }, data: { expiresAt: new Date() } })
    expect(await found(ada, old)).toBeNull()
    expect((await move(grace, old)).errors).toEqual([])
  })

  it('is given back where it was one’s own', async () => {
    const [old, slug] = [await slugOf(ada), newSlug()]
    await move(ada, slug)
    expect((await move(ada, old)).errors).toEqual([])
    expect(await found(ada, slug)).toEqual({ slug: old })
  })

  it('row 61: goes to one of six who want it at once while its team moves away', async () => {
    const [old, slug] = [await slugOf(ada), newSlug()]
    const others: Person[] = []
    for (let n = 0; n < 5; n++) others.push(await server.signUp())
    await Promise.all([move(ada, slug), ...others.map((other) => move(other, old))])
    expect(await found(ada, old)).toEqual({ slug })
    expect(await server.database.team.count({ where: { slug: old } })).toBe(0)
  })

  it('row 60: is no route, and leads nowhere after five moves', async () => {
    expect((await move(ada, 'join')).errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['slug'] })
    for (let n = 0; n < 5; n++) expect((await move(ada, newSlug())).errors).toEqual([])
    expect((await move(ada, newSlug())).errors[0].code).toBe('LIMIT_EXCEEDED')
  })
})

async function insertExperiment({ teamId, userId }: Person, datasetVersionId: string): Promise<string> {
  const id = newId('Experiment')
  const row = {
    id,
    teamId,
    datasetVersionId,
    createdById: userId,
    number: 1,
    title: 'Does it help?',
    plan: {},
  }
  await server.database.experiment.create({ data: row })
  return id
}

describe('a team that is deleted', () => {
  it('wants its address typed, changes no more, ends its runs, and is kept after all', async () => {
    const { versionId } = await insertVersion(server.database, ada)
    const { cohortId } = await insertCohort(server.database, ada)
    const runId = await insertRun(server.database, ada, { cohortId, versionId })
    const ended = await insertExperiment(ada, versionId)
    const { teamId } = ada
    const slug = await slugOf(ada)
    expect((await ada.api.mutate('deleteTeam', { teamId, slug: 'other' })).errors[0].path).toEqual(['slug'])
    const { team } = await ada.api.mutate('deleteTeam', { teamId, slug }, 'team { deletionDueAt }')
    const hours = (Date.parse(team.deletionDueAt) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect((await server.database.run.findUniqueOrThrow({ where: { id: runId } })).status).toBe('CANCELED')
    const rename = () => ada.api.mutate('renameTeam', { teamId, name: 'Later' })
    expect((await rename()).errors[0]).toMatchObject({ code: 'CONFLICT' })
    expect(await found(ada, slug)).toEqual({ slug })
    const mail = await server.database.mail.findFirstOrThrow({ where: { to: ada.account.email } })
    expect(mail.text).toContain(`/${slug}/settings`)
    await purge()
    expect((await ada.api.mutate('keepTeam', { teamId }, 'team { deletionDueAt }')).team).toEqual({
      deletionDueAt: null,
    })
    expect((await rename()).errors).toEqual([])
    const experiment = await server.database.experiment.findUniqueOrThrow({ where: { id: ended } })
    expect(experiment.canceledAt).toBeNull()
  })

  it('takes no more bytes of uploads', async () => {
    const { teamId } = ada
    const made = await ada.api.mutate(
      'createUpload',
      { teamId, fileName: 'a.zip', byteLength: 10 },
      'upload { id }',
    )
    await ada.api.mutate('deleteTeam', { teamId, slug: await slugOf(ada) })
    const send = (method: string, headers = {}) =>
      fetch(`${server.url}/uploads/${made.upload.id}`, {
        ...{ method, body: method === 'PATCH' ? 'more' : null },
        headers: { ...ada.api.headers, 'tus-resumable': '1.0.0', ...headers },
      })
    const patch = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
    expect((await send('PATCH', patch)).status).toBe(409)
    expect((await send('HEAD')).headers.get('upload-offset')).toBe('0')
    await ada.api.mutate('keepTeam', { teamId })
    expect((await send('PATCH', patch)).status).toBe(204)
    await ada.api.mutate('cancelUpload', { uploadId: made.upload.id })
  })

  it('is gone after its day with every row and every blob, and takes nothing of another team along', async () => {
    const { database, storage } = server
    const grace = await server.signUp('Grace')
    const { runId, cohortId, modelId } = await insertFinishedRun(
      database,
      storage,
      ada,
      Buffer.from('ada’s alone'),
    )
    const theirs = await insertFinishedRun(database, storage, grace, Buffer.from('of both'))
    const shared = await insertFinishedRun(database, storage, ada, Buffer.from('of both'))
    const own = await database.artifact.findFirstOrThrow({ where: { modelId } })
    // A student whose teacher is a model of the same team.
    await database.student.updateMany({
      where: { cohortId: shared.cohortId, position: 0 },
      data: { finishedModelId: modelId, weightsSha256: own.sha256 },
    })
    const point = {
      teamId: ada.teamId,
      runId,
      student: 0,
      name: 'loss',
      firstStep: 1,
      lastStep: 1,
      steps: [1],
      values: [1],
    }
    await database.metricChunk.create({ data: { ...point, eventSeq: 1 } })
    const upload = { teamId: ada.teamId, fileName: 'a.zip', byteLength: 10 }
    await ada.api.mutate('createUpload', upload)
    const { teamId } = ada
    const { versionId } = await insertVersion(database, ada)
    const experimentId = await insertExperiment(ada, versionId)
    await database.run.update({ where: { id: runId }, data: { experimentId } })
    await database.experimentTrial.create({
      data: { teamId, experimentId, runId, condition: 'clean', arm: 'alone', seed: 1 },
    })
    await ada.api.mutate('deleteTeam', { teamId, slug: await slugOf(ada) })
    await database.team.update({ where: { id: teamId }, data: { deletionDueAt: new Date() } })
    await Promise.all([purge(), purge()])

    const tables = await database.$queryRaw<{ table: string }[]>`
      SELECT table_name AS table FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'teamId'`
    // What the log tells of a team outlives it: who deleted it, for one.
    for (const { table } of tables.filter((named) => named.table !== 'AuditEvent')) {
      const rows = await database.$queryRawUnsafe<object[]>(
        `SELECT 1 FROM "${table}" WHERE "teamId" = '${teamId}'`,
      )
      expect([table, rows.length]).toEqual([table, 0])
    }
    const last = await database.auditEvent.findMany({ where: { teamId }, orderBy: { id: 'desc' }, take: 2 })
    expect(last).toMatchObject([
      { action: 'team.purge', actorKind: 'SYSTEM', subjectId: teamId, subjectName: null },
      { action: 'team.delete', actorKind: 'PERSON', actorId: ada.userId },
    ])
    expect(await database.metricBlock.count({ where: { runId } })).toBe(0)
    expect(await database.cohort.count({ where: { id: cohortId } })).toBe(0)
    await collectBlobs(database, storage, -1000)
    expect(await storage.has(own.sha256)).toBe(false)
    expect(await storage.has(theirs.sha256)).toBe(true)
    expect(await readdir(server.uploadsFolder)).toEqual([])
    expect(await ada.api.ask('{ viewer { teams { id } } }')).toEqual({ viewer: { teams: [] } })
  })
})
