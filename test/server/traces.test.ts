import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLog } from '../../logging/open-log.ts'
import { continueTrace, openTracing } from '../../logging/tracing.ts'
import { traceQueries } from '../../runs/trace-queries.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { RunControl } from '../../workers/jobs/run-control.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import type { WorkerContext } from '../../workers/jobs/worker-context.ts'
import { insertCohort, insertVersion } from './rows.ts'
import { Api, startTestServer } from './test-server.ts'

interface Told {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: { key: string; value: object }[]
}

/** What the OTLP protocol sends as JSON. */
interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] }
    scopeSpans: { spans: Omit<Told, 'service'>[] }[]
  }[]
}

const told: Told[] = []
let receiver: Server
let endpoint: string
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'traces-'))
  receiver = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Export
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? ''
      for (const { spans } of scopeSpans) for (const span of spans) told.push({ ...span, service })
    }
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  receiver?.close()
  await rm(folder, { recursive: true, force: true })
})

it('one trace goes from a caller through a request and its queries to the worker that trains', async () => {
  const closeServers = await openTracing('server', endpoint)
  const server = await startTestServer()
  const ada = await server.signUp()
  const parts = {
    ...(await insertVersion(server.database, ada)),
    ...(await insertCohort(server.database, ada)),
  }
  const input = { cohortId: parts.cohortId, datasetVersionId: parts.versionId }
  const traceId = 'a'.repeat(32)
  const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`
  const traced = new Api(server.url, { ...ada.api.headers, traceparent })
  const { run } = await traced.mutate('startRun', input, 'run { id }')
  const row = await server.database.run.findUniqueOrThrow({ where: { id: run.id } })
  expect(row.traceparent).toContain(traceId)
  await closeServers()

  const closeWorkers = await openTracing('worker', endpoint)
  const control = await RunControl.open(server.config.databaseUrl, openLog('worker', 'silent'))
  await trainNextRun({
    // It comes no further than to the dataset's blobs, which nobody has.
    config: { scratchFolder: path.join(folder, 'scratch') } as WorkerContext['config'],
    database: traceQueries(server.database),
    storage: new DiskStorage(folder),
    log: openLog('worker', 'silent'),
    control,
    claimant: { workerName: 'test:1', device: 'CPU', labels: [], engineBuild: 'test' },
    shutdown: new AbortController().signal,
  })
  await closeWorkers()
  await control.close()
  await server.stop()

  const within = told.filter((span) => span.traceId === traceId)
  const find = (name: string | RegExp) =>
    within.find((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)))
  const request = find('POST /graphql')!
  expect(request).toMatchObject({ service: 'studyhall-server', parentSpanId: 'b'.repeat(16) })
  expect(find(/^mutation/)).toMatchObject({ service: 'studyhall-server', parentSpanId: request.spanId })
  expect(find('Run create')).toMatchObject({ service: 'studyhall-server' })
  const training = find('train run')!
  expect(training).toMatchObject({ service: 'studyhall-worker' })
  // Its parent is of the server's spans of this trace.
  expect(within.find(({ spanId }) => spanId === training.parentSpanId)?.service).toBe('studyhall-server')
  expect(JSON.stringify(training.attributes)).toContain(run.id)
  expect(
    within.find(({ service, name }) => service === 'studyhall-worker' && name === 'Run findUniqueOrThrow'),
  ).toMatchObject({
    parentSpanId: training.spanId,
  })
})

it('a collector that answers nothing does not keep a process from ending', async () => {
  const silent = createServer(() => {})
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url)
  const close = await openTracing('server', url)
  continueTrace(null, 'something', {}, () => 7)
  // OpenTelemetry waits for ten seconds.
  expect(await Promise.race([close().then(() => 'ended'), sleep(4_000, 'waits')])).toBe('ended')
  silent.closeAllConnections()
  silent.close()
})

it('without an endpoint nothing of OpenTelemetry is loaded', async () => {
  vi.resetModules()
  const loaded = vi.fn(() => ({}))
  vi.doMock('../../logging/opentelemetry.ts', loaded)
  const {
    continueTrace,
    currentTraceparent,
    isTracing,
    openTracing: open,
  } = await import('../../logging/tracing.ts')
  const close = await open('server', undefined)
  expect([isTracing(), currentTraceparent(), continueTrace(null, 'something', {}, () => 7)]).toEqual([
    false,
    undefined,
    7,
  ])
  await close()
  expect(loaded).not.toHaveBeenCalled()
})
