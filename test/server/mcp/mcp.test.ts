import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchema } from '../../../server/graphql/schema.ts'
import { createLimits, validateLimited } from '../../../server/graphql/transport/limits.ts'
import type { Ask } from '../../../server/mcp/ask.ts'
import { createTools } from '../../../server/mcp/tools/index.ts'
import { openExperimentScene, type Trial } from '../experiments/scene.ts'
import { makeKey } from '../make-key.ts'
import { insertFinishedRun } from '../rows.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const scene = openExperimentScene()
let finished: Awaited<ReturnType<typeof insertFinishedRun>>
const open: Client[] = []
beforeAll(async () => {
  const { database, storage } = scene.server
  finished = await insertFinishedRun(database, storage, scene.ada)
  await database.metricChunk.create({
    data: {
      ...{ teamId: scene.ada.teamId, runId: finished.runId, student: 0, name: 'testTop1', eventSeq: 1 },
      ...{ firstStep: 10, lastStep: 30, steps: [10, 20, 30], values: [0.5, 0.8, 0.7] },
    },
  })
})
afterAll(async () => {
  for (const client of open) await client.close()
})

type Connection = 'HTTP' | 'stdio'

/** The SDK's own client, over one of both transports. */
async function connect(how: Connection, key: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const { url } = scene.server
  const transport =
    how === 'HTTP'
      ? new StreamableHTTPClientTransport(new URL('/mcp', url), {
          requestInit: { headers: { authorization: `Bearer ${key}` } },
        })
      : new StdioClientTransport({
          command: process.execPath,
          args: ['--import', 'tsx', 'cli/studyhall.ts', 'mcp'],
          cwd: ROOT,
          env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', STUDYHALL_URL: url, STUDYHALL_KEY: key },
        })
  await client.connect(transport as Parameters<typeof client.connect>[0])
  open.push(client)
  return client
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read by the tests that asked.
async function call(client: Client, name: string, input: object = {}): Promise<any> {
  const answer = await client.callTool({ name, arguments: { ...input } })
  const [content] = answer.content as { text: string }[]
  if (answer.isError) return { refused: content!.text }
  expect(JSON.parse(content!.text)).toEqual(answer.structuredContent)
  return answer.structuredContent
}

async function budgeted(input: object = {}): Promise<string> {
  const { teamId } = scene.ada
  const made = await scene.ada.api.mutate('createApiKey', { teamId, name: 'agent', ...input }, 'secret')
  if (made.errors.length > 0) throw new Error(JSON.stringify(made.errors))
  return made.secret
}

describe.each(['HTTP', 'stdio'] as const)('over %s an agent', (how) => {
  let client: Client
  beforeAll(async () => {
    client = await connect(how, await budgeted({ maxRuns: 5 }))
  })

  it('finds the tools, with their inputs, and what it may spend', async () => {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['start_experiment', 'get_verdict']))
    const metrics = tools.find(({ name }) => name === 'read_metrics')!
    expect(metrics.inputSchema).toMatchObject({ type: 'object', required: expect.arrayContaining(['run']) })
    expect(metrics.annotations).toMatchObject({ readOnlyHint: true })
    expect(await call(client, 'whoami')).toMatchObject({
      team: { name: 'Ada’s team' },
      budget: { maxRuns: 5, runsStarted: 0, maxDeviceMinutes: null },
    })
  })

  it('reads datasets, cohorts, runs, their metric history, and models, and gets a link that downloads', async () => {
    const { datasets } = await call(client, 'list_datasets')
    expect(datasets.at(-1).versions[0]).toMatchObject({
      id: scene.datasetVersionId,
      status: 'READY',
      images: { train: 300, test: 40 },
    })
    expect((await call(client, 'list_cohorts')).cohorts[0].students).toHaveLength(2)
    const { runs } = await call(client, 'list_runs', { statuses: ['SUCCEEDED'], first: 50 })
    const { number } = runs.find((run: { best: object }) => 'ada' in run.best)
    const { series } = await call(client, 'read_metrics', { run: number, names: ['testTop1'] })
    expect(series).toEqual([
      { name: 'testTop1', student: 'ada', steps: [10, 20, 30], values: [0.5, 0.8, 0.7] },
    ])
    expect((await call(client, 'get_run', { run: number })).run).toMatchObject({ status: 'SUCCEEDED' })
    expect(await call(client, 'watch_run', { run: number })).toMatchObject({ ended: true })
    const { models } = await call(client, 'list_models')
    const { url, sha256 } = await call(client, 'download_link', { modelId: models[0].id })
    expect(sha256).toBe(finished.sha256)
    const path = new URL(url)
    expect((await fetch(`${scene.server.url}${path.pathname}${path.search}`)).status).toBe(200)
  })

  it('answers whether teaching each other helps by a paired experiment', async () => {
    const design = {
      datasetVersionId: scene.datasetVersionId,
      title: `Does it help, over ${how}?`,
      students: ['resnet-8', 'convnet'],
      seeds: [1, 2],
      recipe: { epochs: 2 },
    }
    expect((await call(client, 'plan_experiment', design)).estimate).toMatchObject({ runs: 4, trials: 4 })
    const key = { idempotencyKey: how }
    const { experiment } = await call(client, 'start_experiment', { ...design, ...key })
    const again = await call(client, 'start_experiment', { ...design, ...key })
    expect(again.experiment.number).toBe(experiment.number)
    const waiting = { experiment: experiment.number, waitSeconds: 0 }
    expect(await call(client, 'watch_experiment', waiting)).toMatchObject({ ended: false })
    const { trials } = await scene.read(experiment.id, 'trials { arm seed run { id number status } }')
    for (const trial of trials as Trial[]) {
      const top1 = trial.arm === 'mutual' ? 0.9 + trial.seed / 1000 : 0.8
      await scene.finish(trial, [top1, top1])
    }
    expect(await call(client, 'watch_experiment', waiting)).toMatchObject({ ended: true })
    const { comparisons, notes } = await call(client, 'get_verdict', { experiment: experiment.number })
    const main = comparisons.find(
      (each: { arm: string; isPrimary: boolean }) => each.isPrimary && each.arm === 'mutual',
    )
    expect(main).toMatchObject({ verdict: 'GAIN', pairs: 2, seedsBetter: '2 of 2' })
    expect(notes.join()).toContain('paired by seed')
    expect((await call(client, 'whoami')).budget.runsStarted).toBe(4)
    const more = await call(client, 'start_experiment', { ...design, idempotencyKey: `${how} more` })
    expect(more.refused).toMatch(/LIMIT_EXCEEDED: .* may start 5 runs in all. It has started 4, .* 4 more/)
  })

  it('is told what is wrong with what it asks', async () => {
    expect((await call(client, 'get_run', { run: 4711 })).refused).toContain('NOT_FOUND')
    expect((await call(client, 'get_run', { run: 'latest' })).refused).toContain('run')
    expect((await call(client, 'get_run', { run: 1, extra: true })).refused).toContain('extra')
    const names = { name: 'a\u0000b', students: [{ name: 'a', architecture: 'resnet-8' }] }
    expect((await call(client, 'create_cohort', names)).refused).toContain('INVALID_INPUT')
  })
})

describe('/mcp', () => {
  const post = (headers: object, body: unknown = { jsonrpc: '2.0', id: 1, method: 'tools/list' }) =>
    fetch(`${scene.server.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify(body),
    })

  it('is for keys alone: neither for nobody, nor for a session, whose cookie other sites’ pages may send', async () => {
    for (const headers of [{}, scene.ada.api.headers, { authorization: `Bearer sh_${'0'.repeat(48)}` }])
      expect((await post(headers)).status).toBe(401)
    const authorization = `Bearer ${await makeKey(scene.ada)}`
    expect((await post({ authorization })).status).toBe(200)
    expect((await post({ authorization }, [{ jsonrpc: '2.0', id: 1, method: 'ping' }])).status).toBe(400)
    expect((await fetch(`${scene.server.url}/mcp`, { headers: { authorization } })).status).toBe(405)
  })

  it('goes as far as a key’s scopes', async () => {
    const client = await connect('HTTP', await makeKey(scene.ada, ['READ']))
    expect(await call(client, 'list_datasets')).toMatchObject({ datasets: expect.anything() })
    const cohort = { name: 'x', students: [{ name: 'a', architecture: 'resnet-8' }] }
    expect((await call(client, 'create_cohort', cohort)).refused).toContain('lacks the scope RUN')
  })

  it('tells a key that is revoked while it waits nothing more', async () => {
    const client = await connect('HTTP', await makeKey(scene.ada))
    const order = { cohortId: finished.cohortId, datasetVersionId: scene.datasetVersionId }
    const { run } = await call(client, 'start_run', { ...order, idempotencyKey: 'waits' })
    const waiting = call(client, 'watch_run', { run: run.number, waitSeconds: 50 })
    const { apiKey } = scene.server.database
    await expect.poll(() => apiKey.count({ where: { lastUsedAt: { not: null } } })).toBeGreaterThan(0)
    await apiKey.updateMany({ data: { revokedAt: new Date() } })
    const { refused } = await Promise.race([waiting, sleep(15_000, { refused: 'still waiting' })])
    expect(refused).toMatch(/UNAUTHENTICATED: This API key has been revoked/)
  })

  it('shows nothing of another team', async () => {
    const stranger = await scene.server.signUp('Stranger')
    const client = await connect('HTTP', await makeKey(stranger))
    expect(await call(client, 'list_runs')).toEqual({ total: 0, runs: [] })
    expect((await call(client, 'download_link', { modelId: finished.modelId })).refused).toContain(
      'NOT_FOUND',
    )
    const order = { cohortId: finished.cohortId, datasetVersionId: scene.datasetVersionId }
    const started = await call(client, 'start_run', { ...order, idempotencyKey: 'k' })
    expect(started.refused).toContain('NOT_FOUND')
  })

  it('has tools whose operations the schema has and its limits allow, at their largest', async () => {
    const schema = createSchema()
    const asked: string[] = []
    const stop = new Error('asked')
    const ask: Ask = async (document) => {
      asked.push(document)
      throw stop
    }
    const toolbox = { ask, teamId: 'team', signal: new AbortController().signal }
    const input = { first: 50, run: 1, experiment: 1, methods: [], students: [], waitSeconds: 0 }
    for (const [name, { run }] of Object.entries(createTools()))
      await expect([name, await run(toolbox, input).catch((error) => error)]).toEqual([name, stop])
    expect(asked.length).toBeGreaterThan(12)
    const limits = createLimits({ showsSchema: true })
    for (const document of asked) expect(validateLimited(schema, parse(document), limits)).toEqual([])
  })
})

it('`studyhall mcp` without a key ends with 5 and says how to sign in', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'cli/studyhall.ts', 'mcp'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', STUDYHALL_URL: 'http://127.0.0.1:9' },
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([5, expect.stringContaining('studyhall login')])
})
