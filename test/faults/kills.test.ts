import type { ChildProcess } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, it } from 'vitest'
import { waitUntil } from '../workers/wait-until.ts'
import { expectWhole } from './expect-whole.ts'
import { type Outcome, Scene } from './scene.ts'
import { isFull, tally, tellTally } from './tally.ts'

const KILLS = Number(process.env.STUDYHALL_FAULT_KILLS ?? (isFull ? 200 : 20))
const SEED = Number(process.env.STUDYHALL_FAULT_SEED ?? 1)

let scene: Scene
let reference: Outcome
tellTally()

beforeAll(async () => {
  scene = await Scene.open({ epochs: 60 })
  reference = await scene.readReference()
}, 90_000)
afterAll(() => scene?.close())

/** The same numbers from 0 to 1 for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

type Victim = 'worker' | 'training process'
type Moment = 'at any time' | 'while a checkpoint is written'
interface Kill {
  victim: Victim
  moment: Moment
  /** After the training process has started. */
  afterMs: number
}

/** Loading takes about a second and a half: a third of the moments fall into it, few behind the end. */
function chooseKills(count: number): Kill[] {
  const random = seeded(SEED)
  return Array.from({ length: count }, () => ({
    victim: random() < 0.5 ? 'worker' : 'training process',
    moment: random() < 0.35 ? 'while a checkpoint is written' : 'at any time',
    afterMs: Math.round(random() * 3500),
  }))
}

it(`ends as if nothing had happened, whatever is killed at ${KILLS} moments`, async () => {
  let worker = scene.startWorker()
  let runId = await scene.createRun()
  let runs = 1
  for (const kill of chooseKills(KILLS)) {
    const name = `SIGKILL of the ${kill.victim}, ${kill.moment}`
    await tally(name, async () => {
      const training = await waitForTraining(worker, runId)
      if (!training) {
        await expectWhole(scene, runId, reference)
        runId = await scene.createRun()
        runs++
      }
      const pid = training ?? (await waitForTraining(worker, runId))!
      await waitForMoment(kill)
      if (kill.victim === 'worker') {
        await scene.end(worker, 'SIGKILL')
        worker = scene.startWorker()
      } else killIfAlive(pid)
      await waitUntil('its training process is gone', async () => !isAlive(pid))
      await hastenOnceLost(runId, kill.victim)
    })
  }
  await scene.waitForSuccess(runId)
  await expectWhole(scene, runId, reference)
  console.info(`${KILLS} kills (seed ${SEED}) over ${runs} runs`)
}, 3_600_000)

/** The pid of the training process, or undefined where the run has succeeded. */
async function waitForTraining(worker: ChildProcess, runId: string): Promise<number | undefined> {
  return waitUntil(
    'the run trains or has succeeded',
    async () => {
      const run = await scene.runOf(runId)
      if (run.status === 'FAILED') throw new Error(`the run failed: ${run.failureMessage}`)
      if (run.status === 'SUCCEEDED') return { pid: undefined }
      const [pid] = await scene.trainingsOf(worker)
      return pid !== undefined && { pid }
    },
    60_000,
  ).then(({ pid }) => pid)
}

async function waitForMoment({ moment, afterMs }: Kill): Promise<void> {
  await sleep(afterMs)
  if (moment === 'at any time') return
  const until = performance.now() + 2_000
  while (performance.now() < until) if (await isWritingCheckpoint()) return
}

async function isWritingCheckpoint(): Promise<boolean> {
  const scratch = path.join(scene.home, 'scratch')
  for (const folder of await readdir(scratch).catch(() => [])) {
    const names = await readdir(path.join(scratch, folder, 'checkpoints')).catch(() => [])
    if (names.some((name) => name.startsWith('.unfinished-') || name.endsWith('.held'))) return true
  }
  return false
}

/** A worker's death is only told by its lease; that of a training process by its worker, at once. */
async function hastenOnceLost(runId: string, victim: Victim): Promise<void> {
  if (victim === 'worker') await scene.hastenLoss(runId)
  else
    await waitUntil('the run is given back, or done', async () => {
      const { status, retryAt } = await scene.runOf(runId)
      return status === 'SUCCEEDED' || (status === 'QUEUED' && retryAt !== null)
    })
  await scene.hastenRetry(runId)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It had just ended by itself.
  }
}
