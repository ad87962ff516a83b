import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SmallMemory } from '../workers/small-memory.ts'
import { waitUntil } from '../workers/wait-until.ts'
import { expectWhole } from './expect-whole.ts'
import { type Outcome, Scene } from './scene.ts'
import { tally, tellTally } from './tally.ts'

/** Room for the dataset and some checkpoints of 150 kB. */
const DISK_BYTES = 24 * 1024 * 1024

/** TensorFlow alone needs more. */
const TRAINING_BYTES = 32 * 1024 * 1024

let home: string
let isMounted = false
let scene: Scene
let reference: Outcome
tellTally()

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'small-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', home])
  isMounted = mounted.status === 0
  scene = await Scene.open({ home, epochs: 40 })
  reference = await scene.readReference()
}, 180_000)
afterAll(async () => {
  await scene?.close()
  if (isMounted) execFileSync('umount', ['-l', home])
  await rm(home, { recursive: true, force: true })
})

it(
  'a run whose disk is full pauses with the reason, and goes on by itself when there is room',
  () =>
    tally(isMounted ? 'disk full (tmpfs)' : 'disk full (limit of file size)', async () => {
      const earlier = await namesOfBlobs()
      const [worker] = scene.workers.keep(1)
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 30)
      const makeRoom = await takeRoom(worker!.pid!)
      const paused = await waitUntil(
        'the run is paused',
        async () => {
          const run = await scene.runOf(runId)
          return run.status === 'PAUSED' && run
        },
        90_000,
      )
      expect(paused).toMatchObject({ pauseReason: 'DISK_FULL', attemptsWithoutProgress: 0 })
      expect(paused.retryAt!.getTime()).toBeGreaterThan(Date.now())
      const [attempt] = await scene.database.runAttempt.findMany({ where: { runId } })
      expect(attempt).toMatchObject({ outcome: 'PAUSED', failureCode: 'DISK_FULL' })
      expect(attempt!.failureMessage).toMatch(/no space left on a disk.*(ENOSPC|EFBIG)/)
      // What was there before is as it was.
      expect(await namesOfBlobs()).toEqual(expect.arrayContaining(earlier))
      await makeRoom()
      // In place of half a minute.
      await scene.database.run.update({ where: { id: runId }, data: { retryAt: new Date() } })
      await scene.waitForSuccess(runId)
      await expectWhole(scene, runId, reference)
    }),
  300_000,
)

const noSmallMemory = await SmallMemory.open(TRAINING_BYTES).then(
  (small) => small.close().then(() => undefined),
  (error: Error) => error.message,
)
if (noSmallMemory) console.info(`The kernel's kill for want of memory is not tried: ${noSmallMemory}`)

it.skipIf(noSmallMemory)(
  'a training that the kernel kills for want of memory fails in plain words, and is not tried again',
  () =>
    tally('killed by the kernel for want of memory', async () => {
      scene.workers.keep(1)
      const small = await SmallMemory.open(TRAINING_BYTES)
      const runId = await scene.createRun()
      // It has hardly begun to load TensorFlow.
      const { pid } = (await scene.waitForTraining(runId))!
      await small.add(pid)
      const run = await waitUntil(
        'the run has ended',
        async () => {
          const run = await scene.runOf(runId)
          return run.finishedAt !== null && run
        },
        60_000,
      )
      expect(run).toMatchObject({ status: 'FAILED', failureCode: 'OUT_OF_MEMORY', attempt: 1 })
      expect(run.failureMessage).toMatch(/^The machine ran out of memory.* smaller students\.$/)
      await small.close()
    }),
  120_000,
)

/** Leaves the worker no room, until what it returns is called. */
async function takeRoom(pid: number): Promise<() => Promise<void>> {
  if (!isMounted) {
    const limit = (bytes: string) => {
      for (const one of [pid, ...childrenNow(pid)])
        spawnSync('prlimit', ['--pid', String(one), `--fsize=${bytes}:unlimited`])
    }
    limit('20000')
    return async () => limit('unlimited')
  }
  mkdirSync(path.join(home, 'filler'), { recursive: true })
  const file = await open(path.join(home, 'filler', 'bytes'), 'w')
  const block = Buffer.alloc(64 * 1024)
  for (let isFull = false; !isFull; )
    isFull = await file.write(block).then(
      () => false,
      () => true,
    )
  await file.close()
  return () => rm(path.join(home, 'filler'), { recursive: true })
}

function childrenNow(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return stdout.split('\n').map(Number).filter(Boolean)
}

/** With their sizes. */
async function namesOfBlobs(): Promise<string[]> {
  const root = path.join(home, 'storage')
  const names = await readdir(root, { recursive: true })
  const blobs = names.filter((name) => /\/[0-9a-f]{64}$/.test(name)).sort()
  return Promise.all(
    blobs.map(async (name) => `${name} ${(await stat(path.join(root, name)).catch(() => null))?.size}`),
  )
}
