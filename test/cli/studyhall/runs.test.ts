import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../../contract/runs/run-states.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import { columnsOf, insertCohort, insertRun, insertVersion } from '../../server/rows.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts'
import { openTerminal, type Terminal } from './run-studyhall.ts'

let server: TestServer
let proxy: CuttingProxy
let ada: Person
let terminal: Terminal
let parts: { cohortId: string; versionId: string; datasetId: string }
beforeAll(async () => {
  server = await startTestServer()
  proxy = await openCuttingProxy(server.url)
  ada = await server.signUp()
  terminal = await openTerminal(server, ada, proxy.url)
  parts = { ...(await insertCohort(server.database, ada)), ...(await insertVersion(server.database, ada)) }
})
afterAll(async () => {
  await terminal.close()
  await proxy.close()
  await server.stop()
})

const newRun = () => insertRun(server.database, ada, parts)

/** Enters a state as a worker would, with its event. */
async function enter(runId: string, status: RunStatus): Promise<void> {
  await server.database.$transaction(async (tx) => {
    await tx.run.update({ where: { id: runId }, data: { status, ...columnsOf(status) } })
    const failure = status === 'FAILED' ? { code: 'INTERNAL', message: 'It broke.' } : null
    const payload = { kind: 'STATUS', status, phase: null, attempt: 1, failure } as const
    await recordRunEvent(tx, runId, null, payload as never)
  })
}

async function enterAll(runId: string, statuses: RunStatus[]): Promise<void> {
  for (const status of statuses) await enter(runId, status)
}

async function log(runId: string, message: string): Promise<void> {
  const payload = { kind: 'LOG', level: 'INFO', message } as const
  await server.database.$transaction((tx) => recordRunEvent(tx, runId, null, payload))
}

const countSockets = () => proxy.sent().split(/sec-websocket-key/i).length

const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('studyhall run watch', () => {
  it('prints each event once and in order though the connection breaks, and the result last', async () => {
    const runId = await newRun()
    const before = countSockets()
    const watching = terminal.studyhall(['run', 'watch', runId, '--after', '0', '--json'])
    await enterAll(runId, ['STARTING', 'RUNNING'])
    await log(runId, 'before')
    await expect.poll(() => countSockets() > before && server.database.runEvent.count()).toBe(3)
    proxy.cut()
    await log(runId, 'while it was away')
    await enter(runId, 'SUCCEEDED')
    const { code, stdout, stderr } = await watching
    const lines = linesOf(stdout)
    expect(stderr).toContain('Studyhall does not answer; trying again')
    expect(lines.slice(0, -1).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      scores: { top1: 0.9, averageTop1: 0.9, ensembleTop1: 0.95 },
      run: { status: 'SUCCEEDED' },
    })
    expect(code).toBe(0)
  })

  it.each([
    ['SUCCEEDED', 0, ''],
    ['FAILED', 1, 'failed: It broke.'],
    ['CANCELED', 3, 'was canceled'],
  ] as const)('of a run that is %s ends with %i', async (status, exitCode, told) => {
    const runId = await newRun()
    await enterAll(runId, ['STARTING', 'RUNNING', status])
    const { code, stderr } = await terminal.studyhall(['run', 'watch', runId])
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(told)])
  })

  it('ends with 4 where a score is below --fail-below, and shows all the same what was reached', async () => {
    const runId = await newRun()
    await enterAll(runId, ['STARTING', 'RUNNING', 'SUCCEEDED'])
    const watch = (...thresholds: string[]) =>
      terminal.studyhall(['run', 'watch', runId, ...thresholds.flatMap((text) => ['--fail-below', text])])
    expect(await watch('top1=0.9', 'ensembleTop1=0.9')).toMatchObject({ code: 0 })
    const low = await watch('top1=0.91', 'ensembleTop1=0.9')
    expect(low.stderr).toContain('top1 is 90.0 %, less than 91.0 %.')
    expect(low.stdout).toMatch(/ada +resnet-8 +78000 +90.0 %/)
    expect(low.code).toBe(4)
    expect(await watch('map=0.5')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no such score'),
    })
  })

  it('ends with 130 where it is interrupted', async () => {
    const runId = await newRun()
    const interruption = new AbortController()
    const before = countSockets()
    const watching = terminal.studyhall(['run', 'watch', runId], { signal: interruption.signal })
    await expect.poll(countSockets).toBeGreaterThan(before)
    interruption.abort(new Error('interrupted'))
    await log(runId, 'something')
    expect(await watching).toMatchObject({ code: 130, stderr: expect.stringContaining('Interrupted') })
  })
})

describe('studyhall run start', () => {
  const COHORT = {
    name: 'From a file',
    students: [{ name: 'ada', architecture: 'resnet-8' }],
    teaching: { method: 'INDEPENDENT' },
  }

  async function cohortFile(cohort: object): Promise<string> {
    const file = path.join(terminal.home, 'cohort.json')
    await writeFile(file, JSON.stringify(cohort))
    return file
  }

  it('queues a run of a cohort from a file, which the first one creates', async () => {
    const argv = [
      ...['run', 'start', '--cohort', await cohortFile(COHORT), '--dataset', parts.datasetId],
      ...['--set', 'epochs=2', '--seed', '7', '--json'],
    ]
    const [one, two] = [await terminal.studyhall(argv), await terminal.studyhall(argv)]
    const runs = [one, two].map(({ stdout }) => JSON.parse(stdout))
    expect(runs[0]).toMatchObject({
      status: 'QUEUED',
      seed: 7,
      cohort: { name: 'From a file' },
      progress: { epochs: 2 },
    })
    expect(runs[1].cohort.id).toBe(runs[0].cohort.id)
    expect(runs[1].id).not.toBe(runs[0].id)
    expect(runs[0].url).toMatch(/\/runs\/\d+$/)
  })

  it('has whoever made the key told of its end', async () => {
    const argv = ['run', 'start', '--cohort', await cohortFile(COHORT), '--dataset', parts.datasetId]
    const { stdout, code } = await terminal.studyhall([...argv, '--notify', '--json'])
    expect(code).toBe(0)
    const followers = await server.database.runFollower.findMany({ where: { runId: JSON.parse(stdout).id } })
    expect(followers).toHaveLength(1)
  })

  it('refuses a file whose cohort is another one by now, and words that no cohort has', async () => {
    const other = await cohortFile({ ...COHORT, students: [{ name: 'grace', architecture: 'resnet-8' }] })
    const start = (file: string) =>
      terminal.studyhall(['run', 'start', '--cohort', file, '--dataset', parts.datasetId])
    expect(await start(other)).toMatchObject({ code: 2, stderr: expect.stringContaining('never changes') })
    const misspelt = await cohortFile({ ...COHORT, teachings: {} })
    expect(await start(misspelt)).toMatchObject({ code: 2, stderr: expect.stringContaining('teachings') })
  })

  it('says what the API refuses', async () => {
    const file = await cohortFile(COHORT)
    const argv = ['run', 'start', '--cohort', file, '--dataset', parts.datasetId, '--set', 'epoch=2']
    expect(await terminal.studyhall(argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('epoch'),
    })
  })
})

describe('studyhall run fork', () => {
  it('goes on from a checkpoint with the students of a file, and says what cannot be', async () => {
    const runId = await newRun()
    const sha256 = (await server.storage.put(Readable.from(['a checkpoint']))).sha256
    const row = { teamId: ada.teamId, runId, step: 3, epoch: 1, sha256, byteLength: 12n }
    await server.database.checkpoint.create({ data: row })
    const students = ['grace', 'eve'].map((name) => ({ name, architecture: 'resnet-8' }))
    const file = path.join(terminal.home, 'others.json')
    await writeFile(file, JSON.stringify({ name: 'Others', students }))
    const { number } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    const fork = ['run', 'fork', String(number), '--json']
    const { stdout, code } = await terminal.studyhall([
      ...fork,
      '--cohort',
      file,
      '--set',
      'labelSmoothing=0.1',
    ])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'QUEUED', cohort: { name: 'Others' } })
    expect(await terminal.studyhall([...fork, '--step', '4'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it has those of steps 3'),
    })
  })
})

describe('studyhall run', () => {
  it('pauses, resumes and cancels', async () => {
    const runId = await newRun()
    const { number } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    const ask = async (name: string) => (await terminal.studyhall(['run', name, String(number)])).stdout
    expect(await ask('pause')).toBe(`run ${number}: paused\n`)
    expect(await ask('resume')).toBe(`run ${number}: queued\n`)
    expect(await ask('cancel')).toBe(`run ${number}: canceled\n`)
  })

  it('lists by status, and compares what runs have reached', async () => {
    const runId = await newRun()
    await enterAll(runId, ['STARTING', 'RUNNING', 'SUCCEEDED'])
    const { number } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    const { stdout } = await terminal.studyhall(['run', 'list', '--status', 'succeeded', '--json'])
    expect(new Set(JSON.parse(stdout).map((run: { status: string }) => run.status))).toEqual(
      new Set(['SUCCEEDED']),
    )
    const compared = await terminal.studyhall(['run', 'compare', String(number), 'latest'])
    expect(compared.stdout).toMatch(/run +status .* top1 +averageTop1 +ensembleTop1\n/)
    expect(compared.stdout).toMatch(/90.0 % +90.0 % +95.0 %/)
  })

  it('prints the address of a run’s page', async () => {
    await newRun()
    const { stdout } = await terminal.studyhall(['open', 'latest', '--print'])
    expect(stdout).toMatch(new RegExp(`^${proxy.url}/[a-z0-9-]+/runs/\\d+\\n$`))
  })
})

describe('studyhall workers', () => {
  it('tells who trains, and who takes nothing more', async () => {
    const none = await terminal.studyhall(['workers'])
    expect([none.code, none.stdout]).toEqual([0, 'No worker is running.\n'])
    const row = { host: 'host', pid: 7, device: 'CPU', deviceName: 'A processor', capacity: 2 } as const
    const build = { engineVersion: '2', engineBuild: 'b' }
    await server.database.worker.create({ data: { id: 'w', name: 'host:7', ...row, ...build } })
    const drained = { workerName: 'host:7', host: 'host', device: 'CPU', handsBack: false } as const
    await server.database.workerDrain.create({ data: drained })
    const { stdout } = await terminal.studyhall(['workers'])
    expect(stdout).toMatch(/drained +CPU, A processor +0 +2 +\d+ s ago/)
    const { stdout: json } = await terminal.studyhall(['workers', '--json'])
    expect(linesOf(json)[0]).toMatchObject([{ capacity: 2, drainedAt: expect.any(String), handsBack: false }])
  })
})
