import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunStatus } from '../../contract/runs/run-states.ts'
import { RUN_STATUS_WORDS } from '../../contract/runs/run-words.ts'
import { findFreePorts } from '../free-ports.ts'
import { type Person, startTestServer, type TestServer } from '../server/test-server.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { createReadyVersion, createRun } from './rows.ts'
import { StandingWorkers } from './standing-workers.ts'
import { waitUntil } from './wait-until.ts'

/** A line of the log as it came over the socket; a change of state has no message. */
interface Line {
  seq: number
  source?: string
  level?: string
  message?: string
  status: RunStatus
}

let server: TestServer
let ada: Person
let folder: string
let workers: StandingWorkers
let worker: ChildProcess
let metricsUrl: string
let runId: string
let training: number
const lines: Line[] = []
let followed: Promise<void>

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  folder = await mkdtemp(path.join(tmpdir(), 'watched-worker-'))
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  const versionId = await createReadyVersion(server.database, ada, server.storage, archive)
  runId = await createRun(server.database, ada, versionId, {
    overrides: { epochs: 10_000, evaluateEveryEpochs: 10_000 },
  })
  followed = follow()
  const [port] = await findFreePorts(1)
  metricsUrl = `http://127.0.0.1:${port}`
  workers = new StandingWorkers({
    DATABASE_URL: server.databaseUrl,
    STUDYHALL_HOME: path.dirname(path.dirname(server.uploadsFolder)),
    LOG_LEVEL: 'fatal',
    WORKER_METRICS_PORT: String(port),
    // TensorFlow names every operation that it makes ready.
    TF_CPP_MIN_LOG_LEVEL: '0',
    TF_CPP_VMODULE: 'op_kernel=1',
  })
  worker = workers.start()
}, 120_000)
afterAll(async () => {
  await workers?.endAll()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The run as the page follows it, to its end. */
async function follow(): Promise<void> {
  const query = `subscription ($id: ID!) { runEvents(runId: $id) { seq
    ... on LogWritten { source level message } ... on RunStatusChanged { status } } }`
  for await (const { data } of ada.api.listen(query, { id: runId }))
    if (data.runEvents.message !== undefined || data.runEvents.status !== undefined)
      lines.push(data.runEvents)
}

/** The worker's gauges, by name. */
async function readMetrics(): Promise<Record<string, number>> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text()
  const gauges = [...text.matchAll(/^studyhall_worker_(\w+) (\S+)$/gm)]
  return Object.fromEntries(gauges.map(([, name, value]) => [name, Number(value)]))
}

it('a run’s log arrives line by line while it trains, TensorFlow’s own lines among them', async () => {
  await waitUntil('TensorFlow has said something', async () => lines.some(saidByTensorFlow), 90_000)
  const { status } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
  expect(['STARTING', 'RUNNING']).toContain(status)
  expect(lines.find(saidByTensorFlow)).toMatchObject({
    level: 'INFO',
    message: expect.stringMatching(/op_kernel\.cc:\d+\] Instantiating kernel/),
  })
}, 120_000)

const saidByTensorFlow = ({ source }: Line) => source === 'TENSORFLOW'

it('the worker tells that it is well, how many runs it trains and how many images a second', async () => {
  await waitUntil('images are trained', async () => (await readMetrics()).images_per_second! > 0, 90_000)
  expect(await readMetrics()).toMatchObject({ places: 1, trainings: 1, draining: 0 })
  for (const page of ['healthz', 'readyz']) expect((await fetch(`${metricsUrl}/${page}`)).status).toBe(200)
  expect((await fetch(`${metricsUrl}/environment`)).status).toBe(404)
}, 120_000)

it('a worker that is told to end tells so, until its run is saved', async () => {
  const found = await workers.trainings()
  training = found[0]!.pid
  // So that the end takes as long as this test looks.
  process.kill(training, 'SIGSTOP')
  const ended = workers.end(worker, 'SIGTERM')
  await waitUntil('it drains', async () => (await readMetrics()).draining === 1)
  expect(await readMetrics()).toMatchObject({ trainings: 1 })
  process.kill(training, 'SIGCONT')
  expect(await ended).toBe(0)
  const run = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
  expect(run).toMatchObject({ status: 'QUEUED', imagesPerSecond: null })
}, 60_000)

it('what is downloaded afterwards is what was followed, in the same order', async () => {
  await ada.api.mutate('cancelRun', { runId }, 'run { status }')
  await followed
  const download = await fetch(`${server.url}/files/logs/${runId}.jsonl`, { headers: ada.api.headers })
  const downloaded = (await download.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.length).toBeGreaterThan(20)
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq).sort((a, b) => a - b))
  expect(downloaded.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq))
  const written = new Map(downloaded.map(({ seq, source, level, text }) => [seq, [source, level, text]]))
  for (const { seq, source, level, message, status } of lines)
    if (message !== undefined) expect(written.get(seq)).toEqual([source, level, message])
    else
      expect(written.get(seq)).toEqual([
        'WORKER',
        'INFO',
        expect.stringMatching(`^${RUN_STATUS_WORDS[status]}`),
      ])
  expect(lines.at(-1)).toMatchObject({ status: 'CANCELED' })
})
