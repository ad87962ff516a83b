/**
 * Stands in for the workers of many runs: hands points to one recorder a run, as a training process's events do, evenly
 * over time. The value of every point is the moment at which it was handed over, in milliseconds since 1970.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { MetricPoint } from '../../../contract/training.ts'
import { openDatabase } from '../../../prisma/client.ts'
import { RunRecorder } from '../../../workers/jobs/run-recorder.ts'
import { countSteps, NAMES, POINTS_A_STEP, STUDENTS, type WriteOrder } from './write-order.ts'

const TICK_MS = 20

const order = JSON.parse(process.argv[2]!) as WriteOrder
const database = openDatabase(order.databaseUrl, 16)
const fail = (error: unknown) => {
  console.error(error)
  process.exit(1)
}
const recorders = order.leases.map((lease) => new RunRecorder(database, lease, fail))
const { steps } = countSteps(order)
const wholeMs = (order.seconds + order.warmUpSeconds) * 1000
const startedMs = performance.now()
let done = 0
let lateMs = 0
while (done < steps) {
  const elapsedMs = performance.now() - startedMs
  const due = Math.min(steps, Math.floor((steps * elapsedMs) / wholeMs))
  if (due > done) for (const recorder of recorders) hand(recorder, done, due)
  done = Math.max(done, due)
  await sleep(TICK_MS)
  lateMs = Math.max(lateMs, performance.now() - startedMs - elapsedMs - TICK_MS)
}
const handedSeconds = (performance.now() - startedMs) / 1000
await Promise.all(recorders.map((recorder) => recorder.flush()))
const writtenSeconds = (performance.now() - startedMs) / 1000
await database.$disconnect()
const points = steps * POINTS_A_STEP * recorders.length
const { user, system } = process.cpuUsage()
const writerCpuSeconds = (user + system) / 1e6
process.stdout.write(
  JSON.stringify({ points, handedSeconds, writtenSeconds, writerLateMs: lateMs, writerCpuSeconds }),
)

function hand(recorder: RunRecorder, from: number, to: number): void {
  const now = performance.timeOrigin + performance.now()
  const points: MetricPoint[] = []
  for (let step = from + 1; step <= to; step++)
    for (let student = 0; student < STUDENTS; student++)
      for (const name of NAMES) points.push({ student, name, step, value: now })
  const epoch = { epoch: 1, epochs: 1, imagesPerSecond: 1000 }
  recorder.addMetrics({ type: 'metrics', step: to, steps, ...epoch, points })
}
