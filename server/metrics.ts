import { createServer, type Server } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { WORKER_SILENT_SECONDS } from '../contract/devices.ts'
import { HELD_STATUSES } from '../contract/runs/run-states.ts'
import type { Database } from '../prisma/client.ts'
import type { LiveCounts } from './live/live-counts.ts'

/** Wait times are of the runs that began within so many minutes. */
const WAIT_WINDOW_MINUTES = 60

/** The numbers of a server, of its queue and of its workers, as Prometheus reads them. */
export function createMetrics(database: Database, counts: LiveCounts): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const ofDatabase = {
    queue: gauge(registry, 'studyhall_queue_length', 'Runs that wait for a worker, by team', ['team']),
    states: gauge(registry, 'studyhall_runs', 'Runs by state', ['status']),
    waits: gauge(registry, 'studyhall_queue_wait_seconds', 'From asked for to begun, runs of the last hour', [
      'quantile',
    ]),
    workers: gauge(registry, 'studyhall_workers', 'Workers that live, by device', ['device']),
    rate: gauge(registry, 'studyhall_images_per_second', 'Images that all runs train on a second', []),
  }
  // All are asked at once and none waits for another: whoever comes first looks for all of them.
  let look: Promise<void> | undefined
  const collect = () => {
    look ??= collectFromDatabase(database, ofDatabase).finally(() => {
      look = undefined
    })
    return look
  }
  for (const one of Object.values(ofDatabase)) one.collect = collect
  new Gauge({
    name: 'studyhall_subscribers',
    help: 'Streams that somebody listens to',
    registers: [registry],
    collect() {
      this.set(counts.subscribers)
    },
  })
  counter(
    registry,
    'studyhall_events_read_total',
    'Events of runs that were read for subscribers',
    () => counts.eventsRead,
  )
  counter(
    registry,
    'studyhall_events_sent_total',
    'Events of runs that were sent to subscribers',
    () => counts.eventsSent,
  )
  return registry
}

/** Answers GET /metrics on an address of its own, which need not be open to everybody. */
export function serveMetrics(
  registry: Registry,
  { host, port }: { host: string; port: number },
): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    try {
      const text = await registry.metrics()
      response.writeHead(200, { 'content-type': registry.contentType }).end(text)
    } catch {
      response.writeHead(503).end('the database does not answer\n')
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

type Gauges = Record<
  'queue' | 'states' | 'waits' | 'workers' | 'rate',
  Gauge & { collect?: () => Promise<void> }
>

function gauge(registry: Registry, name: string, help: string, labelNames: string[]): Gauges['rate'] {
  return new Gauge({ name, help, labelNames, registers: [registry] })
}

function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}

async function collectFromDatabase(database: Database, gauges: Gauges): Promise<void> {
  const [queue, states, waits, workers, rate] = await Promise.all([
    database.$queryRaw<{ slug: string; count: number }[]>`
      SELECT team.slug, count(*)::int AS count FROM "Run" AS run JOIN "Team" AS team ON team.id = run."teamId"
      WHERE run.status = 'QUEUED' GROUP BY team.slug`,
    database.run.groupBy({ by: ['status'], _count: true }),
    database.$queryRaw<{ half: number | null; most: number | null }[]>`
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS half,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY wait) AS most
      FROM (SELECT EXTRACT(EPOCH FROM "startedAt" - "createdAt")::float8 AS wait FROM "Run"
        WHERE "startedAt" > now() - make_interval(mins => ${WAIT_WINDOW_MINUTES})) AS waits`,
    database.$queryRaw<{ device: string; count: number }[]>`
      SELECT device, count(*)::int AS count FROM "Worker"
      WHERE "heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS}) GROUP BY device`,
    database.run.aggregate({
      where: { status: { in: [...HELD_STATUSES] } },
      _sum: { imagesPerSecond: true },
    }),
  ])
  for (const one of Object.values(gauges)) one.reset()
  for (const { slug, count } of queue) gauges.queue.set({ team: slug }, count)
  for (const { status, _count } of states) gauges.states.set({ status }, _count)
  gauges.waits.set({ quantile: '0.5' }, waits[0]?.half ?? 0)
  gauges.waits.set({ quantile: '0.95' }, waits[0]?.most ?? 0)
  for (const { device, count } of workers) gauges.workers.set({ device }, count)
  gauges.rate.set(rate._sum.imagesPerSecond ?? 0)
}
