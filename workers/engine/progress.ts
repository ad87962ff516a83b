import type { MetricPoint, TrainingEvent } from '../../contract/training.ts'

/** Often enough that a chart follows a step within a second, seldom enough that an event costs nothing. */
const REPORT_EVERY_MS = 200

export interface ProgressReporter {
  /** Takes a step's points; they are handed on with those of other steps. `step` counts from 1, `epoch` from 1. */
  add(step: number, epoch: number, points: MetricPoint[]): void
  /** Hands on what has gathered, then starts the clock anew: what came between is no training time. */
  flush(points?: MetricPoint[]): void
}

/**
 * Gathers the points of every step and hands them on in groups.
 * @param total `stepsDone` are those that were done before the reporter was made
 */
export function createProgressReporter(
  total: { steps: number; epochs: number; batchSize: number; stepsDone: number },
  onEvent: (event: TrainingEvent) => void,
): ProgressReporter {
  let gathered: MetricPoint[] = []
  let position = { step: total.stepsDone, epoch: 1 }
  let reported = { step: total.stepsDone, atMs: performance.now() }
  let imagesPerSecond = 0
  const flush = (points: MetricPoint[] = []) => {
    const now = performance.now()
    const steps = position.step - reported.step
    if (steps > 0) imagesPerSecond = (steps * total.batchSize * 1000) / Math.max(1, now - reported.atMs)
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
      points: all,
    })
  }
  const add = (step: number, epoch: number, points: MetricPoint[]) => {
    position = { step, epoch }
    gathered.push(...points)
    if (performance.now() - reported.atMs >= REPORT_EVERY_MS) flush()
  }
  return { add, flush }
}
