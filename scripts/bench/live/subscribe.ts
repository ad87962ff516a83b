/**
 * Stands in for browsers: subscribes to runs' events with the page's query, each on a socket of its own, and measures how
 * old every point is when it comes, and whether a sequence number is missing or doubled.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface SubscribeOrder {
  url: string
  query: string
  /** One for each subscriber. */
  subscribers: { cookie: string; runId: string }[]
  /** Points that each run will have. */
  pointsPerRun: number
  /** The ages of points of these steps are not counted. */
  warmUpSteps: number
  timeoutSeconds: number
}

interface Series {
  steps: number[]
  values: number[]
}

interface Answer {
  data?: { runEvents: { seq: number; firstSeq?: number; pointsLeftOut?: number; series?: Series[] } } | null
  errors?: readonly unknown[]
}

process.once('message', (order: SubscribeOrder) => void measure(order))
process.send!('ready')

async function measure(order: SubscribeOrder): Promise<void> {
  const ages = createHistogram()
  const outcome = { eventsReceived: 0, pointsReceived: 0, pointsLeftOut: 0, gaps: 0, doubled: 0, errors: 0 }
  const finished = order.subscribers.map(({ cookie, runId }) =>
    subscribe(order, cookie, runId, ages, outcome),
  )
  process.send!('subscribed')
  // Points are sent once all are connected, which takes as long as it takes.
  await new Promise((resolve) => process.once('message', resolve))
  const late = new Promise<void>((resolve) => setTimeout(resolve, order.timeoutSeconds * 1000).unref())
  await Promise.race([Promise.all(finished), late])
  const [p50, p99, most] = [50, 99, 100].map((part) => (ages.count > 0 ? ages.percentile(part) : null))
  const { user, system } = process.cpuUsage()
  const readersCpuSeconds = (user + system) / 1e6
  process.send!({ ...outcome, readersCpuSeconds, p50Ms: p50, p99Ms: p99, mostMs: most }, () =>
    process.exit(0),
  )
}

function subscribe(
  { url, query, pointsPerRun, warmUpSteps }: SubscribeOrder,
  cookie: string,
  runId: string,
  ages: RecordableHistogram,
  outcome: Record<
    'eventsReceived' | 'pointsReceived' | 'pointsLeftOut' | 'gaps' | 'doubled' | 'errors',
    number
  >,
): Promise<void> {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers: { cookie } })
    }
  }
  const client = createClient({ url, webSocketImpl: Socket, lazy: false })
  let seq = 0
  let points = 0
  return new Promise((resolve) => {
    client.subscribe<Answer['data']>(
      { query, variables: { runId, afterSeq: 0 } },
      {
        next({ data, errors }) {
          if (errors || !data) return void outcome.errors++
          const event = data.runEvents
          // An event of a stream that fell behind stands for several, and says of which.
          const firstSeq = event.firstSeq ?? event.seq
          if (firstSeq > seq + 1) outcome.gaps++
          if (firstSeq <= seq) outcome.doubled++
          seq = event.seq
          outcome.eventsReceived++
          const told = countPoints(event.series ?? [], warmUpSteps, ages)
          const leftOut = event.pointsLeftOut ?? 0
          points += told + leftOut
          outcome.pointsReceived += told
          outcome.pointsLeftOut += leftOut
          if (points >= pointsPerRun) resolve()
        },
        error() {
          outcome.errors++
          resolve()
        },
        complete: resolve,
      },
    )
  })
}

/** @returns how many points there are; the value of each is the moment at which it was handed over */
function countPoints(series: readonly Series[], warmUpSteps: number, ages: RecordableHistogram): number {
  const now = performance.timeOrigin + performance.now()
  let count = 0
  for (const { steps, values } of series) {
    for (const [i, value] of values.entries())
      if (steps[i]! > warmUpSteps) ages.record(Math.max(1, Math.ceil(now - value)))
    count += values.length
  }
  return count
}
