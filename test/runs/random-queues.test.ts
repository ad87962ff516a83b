import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { claimNextRun } from '../../runs/transitions/index.ts'
import { type Claimant, findNextInTurn, readTurns } from '../../runs/turns.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { insertExperiment } from '../server/experiment-rows.ts'
import { insertCohort, insertRun, insertVersion, type Owner } from '../server/rows.ts'
import { createTeam } from '../workers/rows.ts'

const TEAMS = 3
const CASES = 40
const BUILDS = ['build-1', 'build-2']
const LABELS = ['day', 'night']

let db: TestDatabase
let teams: (Owner & { cohortId: string; versionId: string; experimentId: string })[]

beforeAll(async () => {
  db = await createTestDatabase()
  teams = []
  for (let i = 0; i < TEAMS; i++) {
    const owner = await createTeam(db.database)
    const { cohortId } = await insertCohort(db.database, owner)
    const { versionId } = await insertVersion(db.database, owner)
    const runId = await insertRun(db.database, owner, { cohortId, versionId })
    const experimentId = await insertExperiment(db.database, owner, { runId, versionId })
    teams.push({ ...owner, cohortId, versionId, experimentId })
  }
})
afterAll(() => db?.drop())

const aTeam = fc.record({
  held: fc.integer({ min: 0, max: 2 }),
  /** Null where it was never served. */
  servedSecondsAgo: fc.option(fc.integer({ min: 1, max: 3 })),
})
const aRun = fc.record({
  team: fc.nat(TEAMS - 1),
  priority: fc.constantFrom(0, 0, 0, 5, -5),
  isOfExperiment: fc.boolean(),
  createdSecondsAgo: fc.integer({ min: 1, max: 4 }),
  device: fc.option(fc.constantFrom('CPU' as const, 'GPU' as const), { freq: 2 }),
  label: fc.option(fc.constantFrom(...LABELS), { freq: 2 }),
  engineBuild: fc.option(fc.constantFrom(...BUILDS), { freq: 2 }),
  hasCheckpoint: fc.boolean(),
  retryInSeconds: fc.option(fc.constantFrom(-60, 3600), { freq: 2 }),
})
const aWorker = fc.record({
  device: fc.constantFrom('CPU' as const, 'CPU' as const, 'GPU' as const),
  labels: fc.subarray(LABELS),
  engineBuild: fc.constantFrom(...BUILDS),
  isLive: fc.constantFrom('yes', 'yes', 'yes', 'draining', 'silent'),
})
type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never
interface Queue {
  teams: (Of<typeof aTeam> & { maxRunningRuns: number })[]
  runs: Of<typeof aRun>[]
  workers: Of<typeof aWorker>[]
}

const queues = (most: { limits: fc.Arbitrary<number>; workers: number }): fc.Arbitrary<Queue> =>
  fc.record({
    teams: fc.array(
      aTeam.chain((team) => most.limits.map((maxRunningRuns) => ({ ...team, maxRunningRuns }))),
      { minLength: TEAMS, maxLength: TEAMS },
    ),
    runs: fc.array(aRun, { minLength: 1, maxLength: 10 }),
    workers: fc.array(aWorker, { maxLength: most.workers }),
  })

const secondsAgo = (seconds: number) => new Date(Date.now() - 1000 * seconds)

/** Makes the queue's rows, and nothing else's. @returns who waits, and who may ask */
async function setUp(queue: Queue): Promise<{ runIds: string[]; claimants: Claimant[] }> {
  const { database } = db
  await database.run.deleteMany()
  await database.worker.deleteMany()
  const rows: (ReturnType<typeof rowOf> & { createdAt?: Date })[] = []
  for (const [i, { maxRunningRuns, held, servedSecondsAgo }] of queue.teams.entries()) {
    const lastServedAt = servedSecondsAgo === null ? null : secondsAgo(servedSecondsAgo)
    await database.team.update({ where: { id: teams[i]!.teamId }, data: { maxRunningRuns, lastServedAt } })
    for (let n = 0; n < held; n++) rows.push(rowOf(i, rows.length))
  }
  await database.run.createMany({ data: rows })
  await database.run.updateMany({ data: { status: 'STARTING', leaseUntil: new Date() } })
  const waiting = queue.runs.map((run, n) => {
    const { team, isOfExperiment, createdSecondsAgo, hasCheckpoint, retryInSeconds, ...columns } = run
    const experimentId = isOfExperiment ? teams[team]!.experimentId : null
    const createdAt = secondsAgo(createdSecondsAgo)
    const retryAt = retryInSeconds === null ? null : secondsAgo(-retryInSeconds)
    return { ...columns, ...rowOf(team, rows.length + n), experimentId, createdAt, retryAt }
  })
  await database.run.createMany({ data: waiting })
  const kept = { step: 4, epoch: 1, sha256: 'a'.repeat(64), byteLength: 9 }
  const saved = waiting.filter((_, n) => queue.runs[n]!.hasCheckpoint)
  await database.checkpoint.createMany({
    data: saved.map(({ id, teamId }) => ({ ...kept, teamId, runId: id })),
  })
  return { runIds: waiting.map(({ id }) => id), claimants: await addWorkers(queue) }
}

function rowOf(team: number, n: number) {
  const { teamId, userId, cohortId, versionId } = teams[team]!
  const order = { teamId, cohortId, datasetVersionId: versionId, createdById: userId }
  return { ...order, id: newId('Run'), number: n + 1, preset: 'quick', recipe: {}, seed: 1 }
}

/** @returns those that live and take runs */
async function addWorkers({ workers }: Queue): Promise<Claimant[]> {
  const rows = workers.map(({ isLive, ...offer }, n) => ({
    ...offer,
    ...{ id: `worker-${n}`, name: `host:${n}`, host: 'host', pid: n, deviceName: 'a device', capacity: 1 },
    ...{ engineVersion: '1', draining: isLive === 'draining' },
    heartbeatAt: secondsAgo(isLive === 'silent' ? 3600 : 0),
  }))
  await db.database.worker.createMany({ data: rows })
  return rows
    .filter((_, n) => workers[n]!.isLive === 'yes')
    .map(({ name, device, labels, engineBuild }) => ({ workerName: name, device, labels, engineBuild }))
}

const teamOf = (queue: Queue, runIds: string[], id: string) => queue.runs[runIds.indexOf(id)]!.team

it('what a run is told of its turn is what the workers’ claims do, in any queue', async () => {
  const blockers = new Set<string>()
  const limits = fc.constantFrom(0, 1, 2, 9)
  await fc.assert(
    fc.asyncProperty(queues({ limits, workers: 4 }), async (queue) => {
      const { runIds, claimants } = await setUp(queue)
      const turns = await readTurns(db.database, runIds)
      expect([...turns.keys()].toSorted()).toEqual(runIds.toSorted())
      for (const { blockedBy } of turns.values()) if (blockedBy) blockers.add(blockedBy.by)
      const free = runIds.filter((id) => turns.get(id)!.blockedBy === null)

      const taken = await Promise.all(claimants.map((claimant) => findNextInTurn(db.database, claimant)))
      const next = free.filter((id) => turns.get(id)!.position === 0)
      expect(next.toSorted()).toEqual([...new Set(taken.filter((id) => id !== null))].toSorted())

      const blocked = runIds.filter((id) => !free.includes(id)).map((id) => turns.get(id)!.position)
      expect(blocked.toSorted((a, b) => a - b)).toEqual(blocked.map((_, n) => free.length + n))

      const claimed = await claimAll(claimants)
      expect(claimed.filter((id) => !free.includes(id))).toEqual([])
      for (const id of free.filter((one) => !claimed.includes(one))) {
        const { held, maxRunningRuns } = queue.teams[teamOf(queue, runIds, id)]!
        const begun = claimed.filter((one) => teamOf(queue, runIds, one) === teamOf(queue, runIds, id))
        expect(held + begun.length).toBe(maxRunningRuns)
      }
    }),
    { seed: 11, numRuns: CASES },
  )
  expect([...blockers].toSorted()).toEqual([
    ...['BACKOFF', 'DEVICE', 'ENGINE_BUILD', 'LABEL', 'NO_WORKER', 'TEAM_LIMIT'],
  ])
})

it('of the runs that one worker can take it takes one after another as their positions say', async () => {
  const limits = fc.constantFrom(0, 99, 99, 99)
  let longest = 0
  await fc.assert(
    fc.asyncProperty(queues({ limits, workers: 0 }), aWorker, async (queue, worker) => {
      const alone: Queue = { ...queue, workers: [{ ...worker, isLive: 'yes' }] }
      const { runIds, claimants } = await setUp(alone)
      const turns = await readTurns(db.database, runIds)
      const free = runIds.filter((id) => turns.get(id)!.blockedBy === null)
      const line = free.toSorted((a, b) => turns.get(a)!.position - turns.get(b)!.position)
      expect(line.map((id) => turns.get(id)!.position)).toEqual(line.map((_, n) => n))
      expect(await claimAll(claimants)).toEqual(line)
      longest = Math.max(longest, line.length)
    }),
    { seed: 12, numRuns: CASES },
  )
  expect(longest).toBeGreaterThan(5)
})

/** Everyone takes a run after another until nobody gets any more. */
async function claimAll(claimants: readonly Claimant[]): Promise<string[]> {
  const claimed: string[] = []
  for (let before = -1; before < claimed.length; ) {
    before = claimed.length
    for (const claimant of claimants) {
      const lease = await claimNextRun(db.database, claimant)
      if (lease) claimed.push(lease.runId)
    }
  }
  return claimed
}

it('a single run comes before every run of an experiment that waits in its team, and an urgent one before both', async () => {
  const run = {
    team: 0,
    priority: 0 as const,
    createdSecondsAgo: 4,
    device: null,
    label: null,
    engineBuild: null,
  }
  const more = { hasCheckpoint: false, retryInSeconds: null }
  const ofExperiment = { ...run, ...more, isOfExperiment: true }
  const queue: Queue = {
    teams: [0, 1, 2].map(() => ({ held: 0, servedSecondsAgo: null, maxRunningRuns: 9 })),
    runs: [
      ofExperiment,
      ofExperiment,
      { ...ofExperiment, createdSecondsAgo: 1, isOfExperiment: false },
      { ...ofExperiment, createdSecondsAgo: 1, priority: 5 },
    ],
    workers: [{ device: 'CPU', labels: [], engineBuild: 'build-1', isLive: 'yes' }],
  }
  const { runIds, claimants } = await setUp(queue)
  const [first, second, single, urgent] = runIds
  const turns = await readTurns(db.database, runIds)
  expect(runIds.map((id) => turns.get(id)!.position)).toEqual([2, 3, 1, 0])
  expect(await claimAll(claimants)).toEqual([urgent, single, first, second])
})
