import type { ChildProcess } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, it } from 'vitest'
import type { FoundTraining } from '../workers/standing-workers.ts'
import { waitUntil } from '../workers/wait-until.ts'
import { expectWhole } from './expect-whole.ts'
import { type Outcome, Scene } from './scene.ts'
import { isFull, tally, tellTally } from './tally.ts'

const KILLS = Number(process.env.STUDYHALL_FAULT_KILLS ?? (isFull ? 200 : 12))
const SEED = Number(process.env.STUDYHALL_FAULT_SEED ?? 1)

let scene: Scene
let reference: Outcome
tellTally()

beforeAll(async () => {
  scene = await Scene.open({ epochs: 60 })
  reference = await scene.readReference()
}, 180_000)
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
interface Kill {
  victim: Victim
  moment: 'while it loads' | 'while it trains' | 'while a checkpoint is written'
  /** From the beginning of the training process, or of its training, on. */
  afterMs: number
}

function chooseKills(count: number): Kill[] {
  const random = seeded(SEED)
  return Array.from({ length: count }, () => {
    const [victim, moment, after] = [random(), random(), random()]
    return {
      victim: victim < 0.5 ? 'worker' : 'training process',
      moment:
        moment < 0.3 ? 'while it loads' : moment < 0.65 ? 'while it trains' : 'while a checkpoint is written',
      afterMs: Math.round(after * 1000),
    }
  })
}

it(`ends as if nothing had happened, whatever is killed at ${KILLS} moments`, async () => {
  let runId = await scene.createRun()
  let runs = 1
  for (const kill of chooseKills(KILLS)) {
    // Whoever is killed, another is there to go on.
    scene.workers.keep(2)
    await tally(`SIGKILL of the ${kill.victim}, ${kill.moment}`, async () => {
      let training = await scene.waitForTraining(runId)
      if (!training) {
        await expectWhole(scene, runId, reference)
        runId = await scene.createRun()
        runs++
        training = (await scene.waitForTraining(runId))!
      }
      await strike(kill, runId, training)
    })
  }
  await scene.waitForSuccess(runId)
  await expectWhole(scene, runId, reference)
  console.info(`${KILLS} kills (seed ${SEED}) over ${runs} runs`)
}, 3_600_000)

async function strike(kill: Kill, runId: string, { worker, pid }: FoundTraining): Promise<void> {
  const { attempt } = await scene.runOf(runId)
  await waitForMoment(kill, runId, { worker, pid })
  if (kill.victim === 'worker') await scene.workers.end(worker, 'SIGKILL')
  else killIfAlive(pid)
  await waitUntil('its training process is gone', async () => !isAlive(pid))
  // A worker's death is only told by its lease; that of a training process by its worker, at once.
  if (kill.victim === 'worker') await scene.hastenLoss(runId)
  await waitUntil('the run is given back, or done', async () => {
    const run = await scene.runOf(runId)
    return run.status === 'SUCCEEDED' || run.attempt > attempt
  })
  await scene.hastenRetry(runId)
}

/** Comes back earlier where the training process ends first. */
async function waitForMoment(
  { moment, afterMs }: Kill,
  runId: string,
  { worker, pid }: FoundTraining,
): Promise<void> {
  if (moment !== 'while it loads') await waitUntil('it trains', () => trains(runId, pid), 120_000)
  await sleep(afterMs)
  if (moment !== 'while a checkpoint is written') return
  while (isAlive(pid) && !(await isWritingCheckpoint(worker))) await sleep(1)
}

async function trains(runId: string, pid: number): Promise<boolean> {
  const { phase } = await scene.runOf(runId)
  return !isAlive(pid) || (phase !== 'LOADING' && phase !== 'CAPTURING')
}

/** The folder names its worker: those that were killed have left theirs, with unfinished files in them. */
async function isWritingCheckpoint(worker: ChildProcess): Promise<boolean> {
  const scratch = path.join(scene.home, 'scratch')
  for (const folder of await readdir(scratch).catch(() => [])) {
    if (!folder.includes(`-${worker.pid}-`)) continue
    const names = await readdir(path.join(scratch, folder, 'checkpoints')).catch(() => [])
    if (names.some((name) => name.startsWith('.unfinished-') || name.endsWith('.held'))) return true
  }
  return false
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
