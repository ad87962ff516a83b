import { createServer, type Server } from 'node:http'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { HELD_STATUSES } from '../contract/runs/run-states.ts'
import type { Database } from '../prisma/client.ts'
import type { CardUsageSampler } from './devices/card-usage.ts'
import type { Slots } from './devices/slots.ts'

interface MetricsSource {
  database: Database
  name: string
  capacity: number
  slots: Slots
  /** Missing on a processor. */
  cards?: CardUsageSampler | undefined
  /** Aborted once the worker is asked to shut down. */
  shutdown: AbortSignal
}

/** Serves a worker's /healthz, /readyz and, for Prometheus, /metrics. */
export function serveWorkerMetrics(
  source: MetricsSource,
  { host, port }: { host: string; port: number },
): Promise<Server> {
  const registry = createRegistry(source)
  const answers: Record<string, () => Promise<[status: number, type: string, text: string]>> = {
    '/healthz': async () => [200, 'application/json', '{"status":"ok"}'],
    '/readyz': () => answerReady(source.database),
    '/metrics': async () => [200, registry.contentType, await registry.metrics()],
  }
  const server = createServer(async (request, response) => {
    const answer = answers[request.url ?? '']
    if (!answer) return void response.writeHead(404).end()
    const [status, type, text] = await answer().catch(
      () => [503, 'text/plain', 'the database does not answer\n'] as const,
    )
    response.writeHead(status, { 'content-type': type }).end(text)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

async function answerReady(database: Database): Promise<[number, string, string]> {
  await database.$queryRaw`SELECT 1`
  return [200, 'application/json', '{"status":"ok"}']
}

function createRegistry({ database, name, capacity, slots, cards, shutdown }: MetricsSource): Registry {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'studyhall_worker_places', help: 'Runs it trains at a time', registers }).set(capacity)
  new Gauge({
    name: 'studyhall_worker_trainings',
    help: 'Runs it trains now',
    registers,
    collect() {
      this.set(capacity - slots.freeCount)
    },
  })
  new Gauge({
    name: 'studyhall_worker_draining',
    help: '1 once it is told to end and takes nothing more, else 0',
    registers,
    collect() {
      this.set(shutdown.aborted ? 1 : 0)
    },
  })
  new Gauge({
    name: 'studyhall_worker_images_per_second',
    help: 'Images that its runs train a second',
    registers,
    async collect() {
      const { _sum } = await database.run.aggregate({
        where: { workerName: name, status: { in: [...HELD_STATUSES] } },
        _sum: { imagesPerSecond: true },
      })
      this.set(_sum.imagesPerSecond ?? 0)
    },
  })
  if (cards) addCardGauges(cards, registers)
  return registry
}

/** Without a value while nvidia-smi has reported nothing. */
function addCardGauges(cards: CardUsageSampler, registers: Registry[]): void {
  new Gauge({
    name: 'studyhall_worker_card_memory_bytes',
    help: 'Memory in use on its graphics cards',
    registers,
    collect() {
      this.set(cards.sample()?.memoryUsedBytes ?? Number.NaN)
    },
  })
  new Gauge({
    name: 'studyhall_worker_card_utilization',
    help: 'Share of the time in which its graphics cards compute, 0 to 1',
    registers,
    collect() {
      this.set(cards.sample()?.utilization ?? Number.NaN)
    },
  })
}
