import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { waitUntil } from '../workers/wait-until.ts'
import { expectWhole } from './expect-whole.ts'
import { type Outcome, Scene } from './scene.ts'
import { isFull, tally, tellTally } from './tally.ts'

let scene: Scene
let reference: Outcome
tellTally()

beforeAll(async () => {
  scene = await Scene.open({ epochs: isFull ? 200 : 60 })
  reference = await scene.readReference()
}, 120_000)
afterEach(() => scene.endWorkers())
afterAll(() => scene?.close())

const attemptsOf = (runId: string) =>
  scene.database.runAttempt.findMany({ where: { runId }, orderBy: { number: 'asc' } })

it(
  'SIGTERM: the worker saves, gives the run back within 30 s, and it costs no attempt',
  () =>
    tally('SIGTERM of the worker', async () => {
      const ending = scene.startWorker()
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 40)
      const endingAt = performance.now()
      expect(await scene.end(ending, 'SIGTERM')).toBe(0)
      expect(performance.now() - endingAt).toBeLessThan(30_000)
      const { status, step, setbacks } = await scene.runOf(runId)
      expect({ status, setbacks }).toEqual({ status: 'QUEUED', setbacks: 0 })
      const saved = await scene.database.checkpoint.findFirst({ where: { runId }, orderBy: { step: 'desc' } })
      expect(saved?.step).toBe(step)
      scene.startWorker()
      await scene.waitForSuccess(runId)
      expect((await attemptsOf(runId)).map(({ outcome, fromStep }) => [outcome, fromStep])).toEqual([
        ['RETURNED', 0],
        ['SUCCEEDED', step],
      ])
      await expectWhole(scene, runId, reference)
    }),
  90_000,
)

it(
  'SIGSTOP: a worker that wakes finds its run taken over, stops its training and writes nothing',
  () =>
    tally(`SIGSTOP of the worker for ${isFull ? 60 : 3} s`, async () => {
      const stopped = scene.startWorker()
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 20)
      const [training] = await scene.trainingsOf(stopped)
      stopped.kill('SIGSTOP')
      scene.startWorker()
      if (isFull) await sleep(60_000)
      else {
        await sleep(1_000)
        await scene.hastenLoss(runId)
        await scene.hastenRetry(runId)
        await scene.waitForStep(runId, 21)
        await sleep(2_000)
      }
      stopped.kill('SIGCONT')
      await waitUntil('its training process is gone', async () => !isAlive(training!), 15_000)
      await scene.waitForSuccess(runId)
      const [first] = await attemptsOf(runId)
      expect(first).toMatchObject({ outcome: 'LOST', failureCode: 'WORKER_LOST' })
      await expectWhole(scene, runId, reference)
    }),
  180_000,
)

/** With all the waiting that the other tests shorten. */
const UNHURRIED = isFull ? ['worker', 'training process'] : []

it.each(UNHURRIED)(
  'a run whose %s is killed trains again within 90 s, by itself',
  (victim) =>
    tally('SIGKILL, resumed within 90 s without help', async () => {
      const worker = scene.startWorker()
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 40)
      if (victim === 'worker') {
        scene.startWorker()
        await scene.end(worker, 'SIGKILL')
      } else for (const pid of await scene.trainingsOf(worker)) process.kill(pid, 'SIGKILL')
      const killedAt = performance.now()
      const trainsAgain = async () =>
        (await attemptsOf(runId)).some(({ number, fromStep }) => number === 2 && fromStep !== null)
      await waitUntil('it trains again', trainsAgain, 90_000)
      console.info(
        `trained again ${Math.round((performance.now() - killedAt) / 1000)} s after its ${victim} was killed`,
      )
      await scene.waitForSuccess(runId)
      await expectWhole(scene, runId, reference)
    }),
  240_000,
)

it(
  'two workers and five jobs for one run: one trains it',
  () =>
    tally('two workers, one run', async () => {
      scene.startWorker()
      scene.startWorker()
      await sleep(1_500)
      const runId = await scene.createRun()
      for (let i = 0; i < 4; i++) await scene.queues.enqueueTrainRun()
      await scene.waitForSuccess(runId)
      expect(await attemptsOf(runId)).toHaveLength(1)
      await expectWhole(scene, runId, reference)
    }),
  90_000,
)

it(
  'a queue that is emptied, then dropped with its whole schema, loses no run',
  () =>
    tally('queue wiped', async () => {
      const runs = [await scene.createRun(), await scene.createRun()]
      await scene.database.$executeRawUnsafe('DELETE FROM bullmq.job')
      scene.startWorker()
      await scene.waitForStep(runs[0]!, 1)
      await scene.database.$executeRawUnsafe('DROP SCHEMA bullmq CASCADE')
      for (const runId of runs) {
        await scene.waitForSuccess(runId)
        await expectWhole(scene, runId, reference)
      }
      await scene.queues.restore()
    }),
  180_000,
)

it(
  'a checkpoint with a flipped bit is told of and not used; the one before is',
  () =>
    tally('checkpoint with a flipped bit', async () => {
      const killed = scene.startWorker()
      const runId = await scene.createRun()
      await waitUntil(
        'two checkpoints are kept',
        async () => (await scene.database.checkpoint.count({ where: { runId } })) >= 2,
        60_000,
      )
      await scene.end(killed, 'SIGKILL')
      const newestFirst = { where: { runId }, orderBy: { step: 'desc' } } as const
      const [newest, before] = await scene.database.checkpoint.findMany(newestFirst)
      await flipBit(path.join(scene.home, 'storage', newest!.sha256.slice(0, 2), newest!.sha256))
      await scene.hastenLoss(runId)
      await scene.hastenRetry(runId)
      scene.startWorker()
      await scene.waitForSuccess(runId)
      expect((await attemptsOf(runId)).at(-1)!.fromStep).toBe(before!.step)
      const logs = await scene.database.runEvent.findMany({ where: { runId, kind: 'LOG' } })
      const said = logs.map(({ payload }) => (payload as { message: string }).message)
      expect(said).toContainEqual(expect.stringMatching(`checkpoint of step ${newest!.step} is not used`))
      await expectWhole(scene, runId, reference)
    }),
  120_000,
)

it.each([
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
])(
  'a worker whose clock is an hour %s keeps its lease, and loses it no earlier',
  (_, shiftMs) =>
    tally('clock off by an hour', async () => {
      scene.startWorker({}, ['--import', shiftedClock(shiftMs)])
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 10)
      const [lease] = await scene.database.$queryRaw<{ seconds: number }[]>`
      SELECT extract(epoch FROM "leaseUntil" - timezone('UTC', now()))::float8 AS seconds
      FROM "Run" WHERE id = ${runId}`
      expect(lease!.seconds).toBeGreaterThan(15)
      expect(lease!.seconds).toBeLessThanOrEqual(30)
      // A worker whose clock is right looks for lost ones.
      scene.startWorker()
      await scene.waitForSuccess(runId)
      expect(await attemptsOf(runId)).toHaveLength(1)
      await expectWhole(scene, runId, reference)
    }),
  120_000,
)

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
