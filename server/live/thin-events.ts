import type { MetricSeries, RunEventPayload, RunEventRecord } from '../../contract/runs/run-events.ts'

/** A stream whose oldest event has waited so long since it arrived has fallen behind. */
export const BEHIND_MS = 500
/** Of each series of an event that stands for several; two points a bucket. */
const BUCKETS = 10

type Metrics = RunEventRecord & { payload: Extract<RunEventPayload, { kind: 'METRICS' }> }

/**
 * Makes streams that have fallen behind shorter: successive METRICS events become one, in which each series keeps the
 * least and the greatest value of each bucket. Readers who are equally far behind get one and the same event, which is
 * answered once for all of them (shared-subscription.ts). How late an event is, is told by this server's own clock, from
 * its arrival here: the clocks of workers and of the database are others.
 */
export class Thinner {
  readonly #nowMs: () => number
  readonly #arrivedMs = new WeakMap<RunEventRecord, number>()
  /** By the first event and the sequence number of the last one that a merged event stands for. */
  readonly #merged = new WeakMap<RunEventRecord, Map<number, RunEventRecord>>()

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs()
  }

  /** @param atMs  when this server was told of the events, by its own clock */
  arrive(events: readonly RunEventRecord[], atMs: number): void {
    for (const event of events) this.#arrivedMs.set(event, atMs)
  }

  /** @param waiting  successive events of a run; those that never arrived were read again by a reader that fell behind */
  thin(waiting: readonly RunEventRecord[]): RunEventRecord[] {
    const [oldest] = waiting
    if (!oldest || this.#nowMs() - (this.#arrivedMs.get(oldest) ?? -Infinity) < BEHIND_MS) return [...waiting]
    const thinned: RunEventRecord[] = []
    let span: Metrics[] = []
    const end = () => {
      if (span.length > 0) thinned.push(this.#merge(span))
      span = []
    }
    for (const event of waiting) {
      if (isMetrics(event)) span.push(event)
      else {
        end()
        thinned.push(event)
      }
    }
    end()
    return thinned
  }

  #merge(span: readonly Metrics[]): RunEventRecord {
    const first = span[0] as Metrics
    const last = span.at(-1) as Metrics
    const known = this.#merged.get(first) ?? new Map<number, RunEventRecord>()
    this.#merged.set(first, known)
    const merged = known.get(last.seq) ?? mergeMetrics(first, last, span)
    known.set(last.seq, merged)
    return merged
  }
}

function isMetrics(event: RunEventRecord): event is Metrics {
  return event.payload.kind === 'METRICS'
}

function mergeMetrics(first: Metrics, last: Metrics, span: readonly Metrics[]): RunEventRecord {
  const byName = new Map<string, MetricSeries>()
  for (const { series } of span)
    for (const { student, name, steps, values } of series) {
      const key = `${student} ${name}`
      const whole = byName.get(key) ?? { student, name, steps: [], values: [] }
      for (const step of steps) whole.steps.push(step)
      for (const value of values) whole.values.push(value)
      byName.set(key, whole)
    }
  const all = [...byName.values()]
  const series = all.map(keepExtremes)
  const count = (some: MetricSeries[]) => some.reduce((sum, { steps }) => sum + steps.length, 0)
  const leftOut = span.reduce((sum, event) => sum + (event.pointsLeftOut ?? 0), 0)
  return {
    ...last,
    firstSeq: first.firstSeq ?? first.seq,
    pointsLeftOut: leftOut + count(all) - count(series),
    series,
  }
}

/**
 * The least and the greatest of each bucket, where they stand; what is no number stays, and so do the last point and the
 * first, from which a page knows where an attempt began.
 */
function keepExtremes(series: MetricSeries): MetricSeries {
  const { steps, values } = series
  if (steps.length <= 2 * BUCKETS) return series
  const kept = new Set<number>([0, steps.length - 1])
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const from = Math.floor((bucket * steps.length) / BUCKETS)
    const to = Math.floor(((bucket + 1) * steps.length) / BUCKETS)
    let least = from
    let greatest = from
    for (let i = from; i < to; i++) {
      const value = values[i] ?? Number.NaN
      if (Number.isNaN(value)) kept.add(i)
      else {
        if (!(value >= (values[least] ?? Number.NaN))) least = i
        if (!(value <= (values[greatest] ?? Number.NaN))) greatest = i
      }
    }
    kept.add(least).add(greatest)
  }
  const places = [...kept].sort((a, b) => a - b)
  return {
    ...series,
    steps: places.map((place) => steps[place] as number),
    values: places.map((place) => values[place] as number),
  }
}
