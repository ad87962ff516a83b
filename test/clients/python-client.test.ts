import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../contract/runs/run-states.ts'
import { openLog } from '../../logging/open-log.ts'
import { recordRunEvent } from '../../runs/events.ts'
import { notifyDatasetVersion } from '../../runs/notifications.ts'
import { type RunningWorker, startWorker } from '../../workers/worker.ts'
import { type CuttingProxy, openCuttingProxy } from '../cli/studyhall/cutting-proxy.ts'
import { makeKey } from '../server/make-key.ts'
import { columnsOf, insertFinishedRun, MANIFEST, REPORT } from '../server/rows.ts'
import { type Person, startTestServer, type TestServer } from '../server/test-server.ts'
import { twoClasses } from '../workers/datasets/pictures.ts'
import { workerConfig } from '../workers/worker-config.ts'
import { preparePython } from './prepare-python.ts'

const NOTEBOOK = 'clients/python/examples/two-students.ipynb'
const prepared = await preparePython()
const python = 'python' in prepared ? prepared.python : ''
if ('missing' in prepared) console.warn(`Not tested: ${prepared.missing}`)

let server: TestServer
let proxy: CuttingProxy
let ada: Person
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  proxy = await openCuttingProxy(server.url)
  ada = await server.signUp()
  folder = await mkdtemp(path.join(tmpdir(), 'studyhall-notebook-'))
  await mkdir(path.join(folder, 'pets/train/cat'), { recursive: true })
  await writeFile(path.join(folder, 'pets/train/cat/0.png'), randomBytes(1000))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await proxy.close()
  await server.stop()
})

describe.skipIf(!python)('the Python client', () => {
  it('uploads a folder, starts a run, follows it through a cut, and reads and downloads what came of it', async () => {
    const bytes = randomBytes(400_000)
    const { modelId } = await insertFinishedRun(server.database, server.storage, ada, bytes)
    const env = { STUDYHALL_URL: proxy.url, STUDYHALL_KEY: await makeKey(ada), PATH: process.env.PATH }
    const args = ['test/clients/use_client.py', path.join(folder, 'pets'), path.join(folder, 'models')]
    const child = spawn(python, args, { env })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdin.end(`${modelId}\n`)
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    await makeReady()
    await expect.poll(() => /started (\S+)/.exec(stdout)?.[1] ?? stderr).toMatch(/^run_/)
    await train(/started (\S+)/.exec(stdout)![1]!)
    expect([await ended, stderr]).toEqual([0, ''])
    const answer = JSON.parse(stdout.trim().split('\n').at(-1)!)
    expect(answer).toEqual({
      version: 1,
      same: true,
      status: 'SUCCEEDED',
      seqs: [1, 2, 3, 4, 5],
      metrics: 1,
      table: [
        { student: 'ada', step: 1, loss: 2.5, trainTop1: 0.25 },
        { student: 'ada', step: 2, loss: 2, trainTop1: null },
        { student: 'grace', step: 1, loss: 2.25, trainTop1: null },
      ],
      ended: 'Run 3 was canceled.',
      refused: 'NOT_FOUND: There is no cohort “Nobody”.',
      bytes: bytes.length,
      runs: [3, 2, 1],
    })
  })
})

describe('the notebook', () => {
  it('is kept without what it has shown', async () => {
    const { cells } = JSON.parse(await readFile(NOTEBOOK, 'utf8')) as { cells: Record<string, unknown>[] }
    const code = cells.filter(({ cell_type }) => cell_type === 'code')
    expect(code.length).toBeGreaterThan(5)
    for (const cell of code) expect(cell).toMatchObject({ outputs: [], execution_count: null })
  })
})

describe.skipIf(!python)('the notebook', () => {
  let worker: RunningWorker
  beforeAll(async () => {
    const config = workerConfig(server.databaseUrl, folder, server.config.storage)
    worker = await startWorker(config, openLog('worker', 'silent'))
    for (const [name, bytes] of Object.entries(await twoClasses(32))) {
      const file = path.join(folder, 'lights', name)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, bytes)
    }
  })
  afterAll(() => worker?.close())

  it('uploads, trains, draws the curves and has the downloaded ensemble answer, from its first cell to its last', async () => {
    const bob = await server.signUp('Bob')
    const env = {
      STUDYHALL_URL: server.url,
      STUDYHALL_KEY: await makeKey(bob),
      STUDYHALL_IMAGES: path.join(folder, 'lights'),
      HOME: folder,
      PATH: process.env.PATH,
    }
    const { stdout } = await promisify(execFile)(python, ['test/clients/run_notebook.py', NOTEBOOK, folder], {
      env,
    })
    const shown = JSON.parse(stdout)
    expect(shown['sign-in'].value).toContain('Bob’s team')
    expect(shown.upload.text).toBe('version 1 is READY\n')
    expect(shown.follow.text).toMatch(/STARTING\nRUNNING\n(.*\n)*epoch 5, step 5\n(.*\n)*SUCCEEDED\n$/)
    expect(shown.draw.kinds).toContain('image/png')
    expect(shown.results.text).toMatch(/^ada: [\d.]+%\ngrace: [\d.]+%\nensemble: [\d.]+%\n$/)
    expect(shown.answer.text).toMatch(/: the ensemble says “(dark|light)” with \d+%\n$/)
  }, 300_000)

  it('every line of Python in the documentation does what it says', async () => {
    const pages = ['clients/python/README.md', 'README.md', 'docs/guide/exports.md']
    const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')))
    const snippets = texts.flatMap((text) =>
      [...text.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code = '']) =>
        code.replace('"http://localhost:3000"', 'url'),
      ),
    )
    expect(snippets).toHaveLength(3)
    const keys = await Promise.all(['Carol', 'Dora'].map(async (name) => makeKey(await server.signUp(name))))
    await cp(path.join(folder, 'lights'), path.join(folder, 'pictures'), { recursive: true })
    const [first = '', second = '', third = ''] = snippets
    const program = [
      `import os; url = os.environ["STUDYHALL_URL"]; key, other = os.environ["KEYS"].split()`,
      first,
      'model_id = run.data["ensemble"]["id"]',
      third,
      'key = other',
      second,
      'print("done", file.name)',
    ]
    const env = { STUDYHALL_URL: server.url, KEYS: keys.join(' '), HOME: folder, MPLBACKEND: 'agg' }
    const { stdout } = await promisify(execFile)(python, ['-c', program.join('\n')], { env, cwd: folder })
    expect(stdout).toMatch(/\ndone .*onnx.*\.zip\n$/)
    expect((await readdir(path.join(folder, 'models'))).length).toBeGreaterThan(1)
  }, 300_000)
})

/** Does what a worker does to the version, once it is there. */
async function makeReady(): Promise<void> {
  const where = { dataset: { name: 'pets' } }
  await expect.poll(() => server.database.datasetVersion.count({ where })).toBe(1)
  const { id } = await server.database.datasetVersion.findFirstOrThrow({ where })
  const data = { status: 'READY', manifest: MANIFEST, report: REPORT, readyAt: new Date() } as const
  await server.database.$transaction(async (tx) => {
    await tx.datasetVersion.update({ where: { id }, data })
    await notifyDatasetVersion(tx, id)
  })
}

/** Trains as a worker does, and cuts every connection on the way. */
async function train(runId: string): Promise<void> {
  const sockets = () => proxy.sent().split(/sec-websocket-key/i).length
  await expect.poll(sockets).toBeGreaterThan(2)
  await enter(runId, 'STARTING')
  await enter(runId, 'RUNNING')
  proxy.cut()
  const progress = { step: 2, steps: 4, epoch: 1, epochs: 2, imagesPerSecond: 100, remainingSeconds: 1 }
  const series = [
    { student: 0, name: 'loss', steps: [1, 2], values: [2.5, 2] },
    { student: 0, name: 'trainTop1', steps: [1], values: [0.25] },
    { student: 1, name: 'loss', steps: [1], values: [2.25] },
  ] as const
  const payload = { kind: 'METRICS', ...progress } as const
  await server.database.$transaction((tx) =>
    recordRunEvent(tx, runId, null, payload as never, series as never),
  )
  await enter(runId, 'SUCCEEDED')
}

async function enter(runId: string, status: RunStatus): Promise<void> {
  await server.database.$transaction(async (tx) => {
    await tx.run.update({ where: { id: runId }, data: { status, ...columnsOf(status) } })
    const payload = { kind: 'STATUS', status, phase: null, attempt: 1, failure: null } as const
    await recordRunEvent(tx, runId, null, payload)
  })
}
