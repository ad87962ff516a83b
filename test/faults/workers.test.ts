import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import { type Reconciliation, reconcile } from '../../workers/jobs/reconcile.ts'
import { waitUntil } from '../workers/wait-until.ts'
import { expectWhole } from './expect-whole.ts'
import { type Outcome, Scene } from './scene.ts'
import { isFull, tally, tellTally } from './tally.ts'

let scene: Scene
let reference: Outcome
tellTally()

beforeAll(async () => {
  scene = await Scene.open({ epochs: isFull ? 200 : 40 })
  reference = await scene.readReference()
}, 240_000)
afterEach(({ task }) => (task.result?.state === 'fail' ? scene.tidyUp() : undefined))
afterAll(() => scene?.close())

const attemptsOf = (runId: string) =>
  scene.database.runAttempt.findMany({ where: { runId }, orderBy: { number: 'asc' } })

it(
  'SIGTERM: the worker saves, gives the run back within 30 s, and it costs no attempt',
  () =>
    tally('SIGTERM of the worker', async () => {
      // Alone, so that the run waits when it is given back.
      const [ending] = scene.workers.keep(1)
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 40)
      const endingAt = performance.now()
      expect(await scene.workers.end(ending!, 'SIGTERM')).toBe(0)
      expect(performance.now() - endingAt).toBeLessThan(30_000)
      const { status, step, attemptsWithoutProgress } = await scene.runOf(runId)
      expect({ status, attemptsWithoutProgress }).toEqual({ status: 'QUEUED', attemptsWithoutProgress: 0 })
      const saved = await scene.database.checkpoint.findFirst({ where: { runId }, orderBy: { step: 'desc' } })
      expect(saved?.step).toBe(step)
      scene.workers.keep(2)
      await scene.waitForSuccess(runId)
      expect((await attemptsOf(runId)).map(({ outcome, fromStep }) => [outcome, fromStep])).toEqual([
        ['RETURNED', 0],
        ['SUCCEEDED', step],
      ])
      await expectWhole(scene, runId, reference)
    }),
  300_000,
)

it(
  'SIGSTOP: a worker that wakes finds its run taken over, stops its training and writes nothing',
  () =>
    tally(`SIGSTOP of the worker for ${isFull ? 60 : 2} s`, async () => {
      scene.workers.keep(2)
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 20)
      const { worker: stopped, pid } = (await scene.waitForTraining(runId))!
      stopped.kill('SIGSTOP')
      if (isFull) await sleep(60_000)
      else {
        await sleep(1_000)
        await scene.hastenLoss(runId)
        await scene.hastenRetry(runId)
        await waitUntil('the other trains', () => trainsAgain(runId), 60_000)
        await sleep(1_000)
      }
      stopped.kill('SIGCONT')
      await waitUntil('its training process is gone', async () => !isAlive(pid), 60_000)
      await scene.waitForSuccess(runId)
      const [first] = await attemptsOf(runId)
      expect(first).toMatchObject({ outcome: 'LOST', failureCode: 'WORKER_LOST' })
      await expectWhole(scene, runId, reference)
    }),
  300_000,
)

/** With all the waiting that the other tests shorten. */
const UNHURRIED = isFull ? ['worker', 'training process'] : []

it.each(UNHURRIED)(
  'a run whose %s is killed trains again within 90 s, by itself',
  (victim) =>
    tally('SIGKILL, resumed within 90 s without help', async () => {
      scene.workers.keep(2)
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 40)
      const { worker, pid } = (await scene.waitForTraining(runId))!
      if (victim === 'worker') await scene.workers.end(worker, 'SIGKILL')
      else process.kill(pid, 'SIGKILL')
      const killedAt = performance.now()
      await waitUntil('it trains again', () => trainsAgain(runId), 90_000)
      console.info(
        `trained again ${Math.round((performance.now() - killedAt) / 1000)} s after its ${victim} was killed`,
      )
      await scene.waitForSuccess(runId)
      await expectWhole(scene, runId, reference)
    }),
  300_000,
)

it(
  'two workers and five jobs for one run: one trains it',
  () =>
    tally('two workers, one run', async () => {
      scene.workers.keep(2)
      await waitUntil('both have registered', async () => (await scene.database.worker.count()) >= 2, 60_000)
      const runId = await scene.createRun()
      for (let i = 0; i < 4; i++) await scene.queues.enqueue(trainRunOn(null), {})
      await scene.waitForSuccess(runId)
      expect(await attemptsOf(runId)).toHaveLength(1)
      await expectWhole(scene, runId, reference)
    }),
  240_000,
)

it(
  'a killed worker takes its training along; a checkpoint with a flipped bit is told of and not used, but the one before',
  () =>
    tally('checkpoint with a flipped bit', async () => {
      scene.workers.keep(2)
      const runId = await scene.createRun()
      await waitUntil(
        'two checkpoints are kept',
        async () => (await scene.database.checkpoint.count({ where: { runId } })) >= 2,
        120_000,
      )
      const { worker, pid } = (await scene.waitForTraining(runId))!
      await scene.workers.end(worker, 'SIGKILL')
      await waitUntil('its training process is gone', async () => !isAlive(pid))
      // Before its lease has run out, nobody takes it for lost.
      expect((await compareRowsAndQueue()).lostRuns).toEqual([])
      expect((await scene.runOf(runId)).status).toBe('RUNNING')
      const newestFirst = { where: { runId }, orderBy: { step: 'desc' } } as const
      const [newest, before] = await scene.database.checkpoint.findMany(newestFirst)
      await flipBit(path.join(scene.home, 'storage', newest!.sha256.slice(0, 2), newest!.sha256))
      await scene.hastenLoss(runId)
      await scene.hastenRetry(runId)
      await scene.waitForSuccess(runId)
      const [lost, next] = await attemptsOf(runId)
      expect(lost).toMatchObject({ outcome: 'LOST', failureCode: 'WORKER_LOST' })
      expect(next!.fromStep).toBe(before!.step)
      const logs = await scene.database.runEvent.findMany({ where: { runId, kind: 'LOG' } })
      const said = logs.map(({ payload }) => (payload as { message: string }).message)
      expect(said).toContainEqual(expect.stringMatching(`checkpoint of step ${newest!.step} is not used`))
      await expectWhole(scene, runId, reference)
    }),
  300_000,
)

it(
  'a queue that is emptied, then dropped with its whole schema, loses no run',
  () =>
    tally('queue wiped', async () => {
      const runs = [await scene.createRun(), await scene.createRun()]
      await scene.database.$executeRawUnsafe('DELETE FROM bullmq.job')
      scene.workers.keep(1)
      await scene.waitForStep(runs[0]!, 1)
      await scene.database.$executeRawUnsafe('DROP SCHEMA bullmq CASCADE')
      for (const runId of runs) {
        await scene.waitForSuccess(runId)
        await expectWhole(scene, runId, reference)
      }
      await scene.queues.restore()
    }),
  300_000,
)

it(
  'a worker whose clock is an hour off keeps its lease, and loses it no earlier',
  () =>
    tally(
      'clock off by an hour',
      async () => {
        // Those whose clocks are right look for lost runs meanwhile.
        scene.workers.keep(1)
        const runs = await Promise.all(
          Object.entries({ ahead: 3_600_000, behind: -3_600_000 }).map(async ([label, shiftMs]) => {
            scene.workers.start({ WORKER_LABELS: label }, ['--import', shiftedClock(shiftMs)])
            return scene.createRun(label)
          }),
        )
        for (const seconds of await Promise.all(runs.map(readLeaseAtStep10))) {
          expect(seconds).toBeGreaterThan(15)
          expect(seconds).toBeLessThanOrEqual(30)
        }
        expect((await compareRowsAndQueue()).lostRuns).toEqual([])
        for (const runId of runs) {
          await scene.waitForSuccess(runId)
          expect(await attemptsOf(runId)).toHaveLength(1)
          await expectWhole(scene, runId, reference)
        }
      },
      2,
    ),
  300_000,
)

/** Does it once; null is told where a worker is at it. */
function compareRowsAndQueue(): Promise<Reconciliation> {
  return waitUntil('rows and queue are compared', () => reconcile(scene.database, scene.queues))
}

async function trainsAgain(runId: string): Promise<boolean> {
  return (await attemptsOf(runId)).some(({ number, fromStep }) => number === 2 && fromStep !== null)
}

/** For how many seconds more it is held. */
async function readLeaseAtStep10(runId: string): Promise<number | null> {
  await scene.waitForStep(runId, 10)
  const [lease] = await scene.database.$queryRaw<{ seconds: number | null }[]>`
    SELECT extract(epoch FROM "leaseUntil" - now())::float8 AS seconds
    FROM "Run" WHERE id = ${runId}`
  return lease!.seconds
}

/** A module that has a process's clock go wrong. */
function shiftedClock(shiftMs: number): string {
  const source = `const Right = Date
    globalThis.Date = class extends Right {
      constructor(...given) { super(...(given.length > 0 ? given : [Right.now() + ${shiftMs}])) }
      static now() { return Right.now() + ${shiftMs} }
    }`
  return `data:text/javascript,${encodeURIComponent(source)}`
}

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file)
  const place = bytes.length - 100
  bytes[place] = bytes[place]! ^ 1
  await writeFile(file, bytes)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
