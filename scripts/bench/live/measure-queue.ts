import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { programArguments } from '../../start/program.ts'
import { addCohortAndVersion, ask, type Person, type Scene } from './scene.ts'

const TEAMS = 10
const AT_A_TIME = 4
const STARTED_RUNS = 30
const TIMEOUT_MS = 120_000
const START = `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } errors { message } } }`

/** How long startRun takes while the queue grows, and how soon a worker that has ended one run begins the next. */
export async function measureQueue(scene: Scene, queued: number) {
  const { database, apiUrl } = scene
  const teams = []
  for (let i = 0; i < TEAMS; i++) {
    const person = await scene.signUp(`team-${i}`)
    teams.push({ person, input: await addCohortAndVersion(database, person, 2) })
  }
  await database.team.updateMany({ data: { maxQueuedRuns: queued } })
  const timesMs = await startRuns(apiUrl, teams, queued)
  const gaps = await measureStarts(scene)
  const sorted = timesMs.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  return {
    queued,
    atATime: AT_A_TIME,
    enqueueP50Ms: at(0.5),
    enqueueP95Ms: at(0.95),
    enqueueMostMs: at(1),
    ...gaps,
  }
}

async function startRuns(
  apiUrl: string,
  teams: readonly { person: Person; input: object }[],
  count: number,
): Promise<number[]> {
  const timesMs: number[] = []
  let next = 0
  const startOneAfterAnother = async () => {
    while (next < count) {
      const { person, input } = teams[next++ % teams.length]!
      const startedMs = performance.now()
      const { startRun } = await ask<{ startRun: { run: object | null; errors: { message: string }[] } }>(
        apiUrl,
        person.cookie,
        START,
        { input },
      )
      if (!startRun.run) throw new Error(startRun.errors[0]?.message)
      timesMs.push(performance.now() - startedMs)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, startOneAfterAnother))
  return timesMs
}

/** A real worker, whose runs end at once since their dataset's blobs are gone: what passes between is waiting. */
async function measureStarts({ database, databaseUrl, folder }: Scene) {
  const worker = spawn(process.execPath, programArguments('worker'), {
    env: { ...process.env, DATABASE_URL: databaseUrl, STUDYHALL_HOME: folder, LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    const deadline = performance.now() + TIMEOUT_MS
    while ((await database.runAttempt.count({ where: { endedAt: { not: null } } })) < STARTED_RUNS) {
      if (performance.now() > deadline || worker.exitCode !== null) throw new Error('the worker took no runs')
      await sleep(200)
    }
  } finally {
    worker.kill('SIGKILL')
  }
  const gaps = await database.$queryRaw<{ ms: number }[]>`
    SELECT EXTRACT(EPOCH FROM "startedAt" - lag("endedAt") OVER (ORDER BY "startedAt"))::float8 * 1000 AS ms
    FROM "RunAttempt" ORDER BY "startedAt" OFFSET 1`
  const sorted = gaps.map(({ ms }) => ms).toSorted((a, b) => a - b)
  return {
    started: sorted.length,
    nextStartP50Ms: sorted[sorted.length >> 1],
    nextStartMostMs: sorted.at(-1),
  }
}
