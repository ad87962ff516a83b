import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceKind } from '../../contract/devices.ts'
import { claimNextRun } from '../../runs/transitions/index.ts'
import { type Claimant, findRunsOfOtherBuilds } from '../../runs/turns.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'
import { createReadyVersion, createRun, createTeam, type TestTeam } from '../workers/rows.ts'

let db: TestDatabase
let folder: string
let teams: (TestTeam & { versionId: string })[]

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'turns-'))
  const storage = new DiskStorage(path.join(folder, 'storage'))
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(8))
  teams = []
  for (let i = 0; i < 3; i++) {
    const team = await createTeam(db.database)
    teams.push({ ...team, versionId: await createReadyVersion(db.database, team, storage, archive) })
  }
})
afterEach(async () => {
  await db.database.run.deleteMany()
  await db.database.team.updateMany({ data: { maxRunningRuns: 8, lastServedAt: null } })
})
afterAll(async () => {
  await db?.drop()
  await rm(folder, { recursive: true, force: true })
})

const worker = (wish: Partial<Claimant> = {}): Claimant => ({
  workerName: `host:${randomBytes(4).toString('hex')}`,
  device: 'CPU',
  labels: [],
  engineBuild: 'build-1',
  ...wish,
})

/** So many runs of a team, the older ones first; the first is copied, so that a thousand are quick. */
async function queueRuns(teamIndex: number, count: number): Promise<string[]> {
  const team = teams[teamIndex]!
  const id = await createRun(db.database, team, team.versionId)
  const first = await db.database.run.findUniqueOrThrow({ where: { id } })
  const copies = Array.from({ length: count - 1 }, (_, i) => ({
    ...first,
    recipe: first.recipe!,
    evaluation: undefined,
    fork: undefined,
    alarms: [],
    id: `${id.slice(0, -6)}${String(i).padStart(6, '0')}`,
    number: first.number + 1 + i,
    createdAt: new Date(first.createdAt.getTime() + 1 + i),
  }))
  await db.database.run.createMany({ data: copies })
  await db.database.team.update({ where: { id: team.teamId }, data: { lastRunNumber: first.number + count } })
  return [id, ...copies.map((copy) => copy.id)]
}

/** @returns the team's index, or null where nothing was taken */
async function claim(claimant = worker()): Promise<number | null> {
  const lease = await claimNextRun(db.database, claimant)
  if (!lease) return null
  const run = await db.database.run.findUniqueOrThrow({ where: { id: lease.runId } })
  return teams.findIndex(({ teamId }) => teamId === run.teamId)
}

async function finish(runId: string): Promise<void> {
  const ended = { finishedAt: new Date(), leaseUntil: null }
  await db.database.run.update({ where: { id: runId }, data: { ...ended, status: 'CANCELED' } })
}

const set = (id: string, data: { priority?: number; device?: DeviceKind; label?: string }) =>
  db.database.run.update({ where: { id }, data })

describe('teams', () => {
  it('take turns: a thousand runs of one starve nobody', async () => {
    await queueRuns(0, 1000)
    await queueRuns(1, 5)
    await queueRuns(2, 5)
    const served: number[] = []
    // One worker that takes run after run.
    for (let i = 0; i < 15; i++) {
      const lease = (await claimNextRun(db.database, worker()))!
      const { teamId } = await db.database.run.findUniqueOrThrow({ where: { id: lease.runId } })
      served.push(teams.findIndex((team) => team.teamId === teamId))
      await finish(lease.runId)
    }
    for (let turn = 0; turn < 5; turn++)
      expect(served.slice(3 * turn, 3 * turn + 3).toSorted()).toEqual([0, 1, 2])
  })

  it('with the fewest runs in hand go first, so that each has its part of many workers', async () => {
    await queueRuns(0, 1000)
    expect([await claim(), await claim(), await claim(), await claim()]).toEqual([0, 0, 0, 0])
    await queueRuns(1, 3)
    await queueRuns(2, 3)
    const next: (number | null)[] = []
    for (let i = 0; i < 6; i++) next.push(await claim())
    expect(next.toSorted()).toEqual([1, 1, 1, 2, 2, 2])
    expect(await claim()).toBe(0)
  })

  it('have no more runs in hand than they may, however many workers ask at once', async () => {
    await queueRuns(0, 20)
    await db.database.team.updateMany({ data: { maxRunningRuns: 3 } })
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim()))
    expect(claims.filter((team) => team !== null)).toEqual([0, 0, 0])
    const [held] = await db.database.run.findMany({ where: { status: 'STARTING' } })
    await finish(held!.id)
    expect([await claim(), await claim()]).toEqual([0, null])
  })

  it('have their greater priorities served first, and of those the older run', async () => {
    const [a, b, c, d] = await queueRuns(0, 4)
    await set(c!, { priority: 5 })
    await set(d!, { priority: 5 })
    const order: (string | undefined)[] = []
    for (let i = 0; i < 4; i++) order.push((await claimNextRun(db.database, worker()))?.runId)
    expect(order).toEqual([c, d, a, b])
  })
})

describe('a run', () => {
  it('that asks for a GPU is left for a worker that has one', async () => {
    const [first, second] = await queueRuns(0, 2)
    await set(first!, { device: 'GPU' })
    expect((await claimNextRun(db.database, worker()))?.runId).toBe(second)
    expect(await claim()).toBeNull()
    expect((await claimNextRun(db.database, worker({ device: 'GPU' })))?.runId).toBe(first)
  })

  it('that asks for a label is left for a worker that bears it', async () => {
    const [id] = await queueRuns(0, 1)
    await set(id!, { label: 'night' })
    expect(await claim(worker({ labels: ['day'] }))).toBeNull()
    expect(await claim(worker({ labels: ['day', 'night'] }))).toBe(0)
  })

  it('with a checkpoint of another engine build is left for that build, and named; without one anybody begins it', async () => {
    const [id] = await queueRuns(0, 1)
    const { teamId } = teams[0]!
    expect(await claim(worker({ engineBuild: 'old' }))).toBe(0)
    await db.database.run.update({ where: { id }, data: { status: 'QUEUED', leaseUntil: null, attempt: 2 } })
    const sha256 = 'a'.repeat(64)
    const checkpoint = { teamId, runId: id!, step: 4, epoch: 1, sha256, byteLength: 9 }
    await db.database.checkpoint.create({ data: checkpoint })
    expect(await claim(worker({ engineBuild: 'new' }))).toBeNull()
    expect(await findRunsOfOtherBuilds(db.database, worker({ engineBuild: 'new' }))).toEqual([
      { id, engineBuild: 'old' },
    ])
    await db.database.checkpoint.deleteMany()
    expect(await claim(worker({ engineBuild: 'new' }))).toBe(0)
    expect(await db.database.run.findUniqueOrThrow({ where: { id } })).toMatchObject({ engineBuild: 'new' })
  })
})
