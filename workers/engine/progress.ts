import type { MetricPoint, TrainingEvent, TrainingLoad } from '../../contract/training.ts'

/**
 * Often enough that charts show a step within a second, rarely enough that the cost of events is negligible.
 */
const REPORT_EVERY_MS = 200

export interface ProgressReporter {
  /**
   * Adds a step's points, which are reported together with those of other steps. `step` and `epoch` count
   * from 1.
   */
  add(step: number, epoch: number, points: MetricPoint[]): void
  /** Called after every call into TensorFlow: reports the collected points a few times a second. */
  reportIfDue(): void
  /**
   * Reports the collected points and restarts the clock, so that time between two flushes counts as no
   * training time.
   */
  flush(points?: MetricPoint[]): void
  /** The batches, with the time that they are waited for reported as such. */
  awaiting<Batch>(batches: AsyncIterable<Batch>): AsyncIterable<Batch>
}

/**
 * Collects the points of every step and reports them in groups.
 * @param total `stepsDone`: steps done before the reporter was created
 */
export function createProgressReporter(
  total: { steps: number; epochs: number; batchSize: number; stepsDone: number },
  onEvent: (event: TrainingEvent) => void,
): ProgressReporter {
  let gathered: MetricPoint[] = []
  let position = { step: total.stepsDone, epoch: 1 }
  let reported = { step: total.stepsDone, atMs: performance.now() }
  let imagesPerSecond = 0
  const meter = startMeter()
  const flush = (points: MetricPoint[] = []) => {
    const now = performance.now()
    const steps = position.step - reported.step
    if (steps > 0) imagesPerSecond = (steps * total.batchSize * 1000) / Math.max(1, now - reported.atMs)
    const used = meter.read(now - reported.atMs)
    reported = { step: position.step, atMs: now }
    const all = [...gathered, ...points]
    gathered = []
    if (all.length === 0) return
    onEvent({
      type: 'metrics',
      ...position,
      steps: total.steps,
      epochs: total.epochs,
      imagesPerSecond,
      ...(steps > 0 && { load: used }),
      points: all,
    })
  }
  const add = (step: number, epoch: number, points: MetricPoint[]) => {
    position = { step, epoch }
    gathered.push(...points)
  }
  const reportIfDue = () => {
    if (performance.now() - reported.atMs >= REPORT_EVERY_MS) flush()
  }
  return { add, reportIfDue, flush, awaiting: meter.awaiting }
}

/** What the process has used since it was read last. */
function startMeter() {
  let cpu = process.cpuUsage()
  let waitedMs = 0
  return {
    read(elapsedMs: number): TrainingLoad {
      const { user, system } = process.cpuUsage(cpu)
      const ms = Math.max(1, elapsedMs)
      const load = {
        memoryBytes: process.memoryUsage.rss(),
        busyCores: (user + system) / 1000 / ms,
        batchWait: Math.min(1, waitedMs / ms),
      }
      cpu = process.cpuUsage()
      waitedMs = 0
      return load
    },
    async *awaiting<Batch>(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
      let beganMs = performance.now()
      for await (const batch of batches) {
        waitedMs += performance.now() - beganMs
        yield batch
        beganMs = performance.now()
      }
    },
  }
}
