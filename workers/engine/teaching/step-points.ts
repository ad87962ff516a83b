import type { MetricPoint } from '../../../contract/training.ts'
import { NotFinite } from '../failures.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import type { Stage } from './stages.ts'
import { STEP_METRICS } from './teach-step.ts'

/** @param metrics of one step, [learners, STEP_METRICS] */
export function stepPoints(
  metrics: Float32Array,
  step: number,
  { learners }: Stage,
  learningRate: number,
): MetricPoint[] {
  const points = Array.from(
    metrics,
    (value, i): MetricPoint => ({
      student: learners[Math.floor(i / STEP_METRICS.length)] as number,
      // biome-ignore lint/style/noNonNullAssertion: the index is taken modulo the length
      name: STEP_METRICS[i % STEP_METRICS.length]!,
      step,
      value,
    }),
  )
  return [...points, { student: null, name: 'learningRate', step, value: learningRate }]
}

/** @throws NotFinite for the first value that is no finite number */
export function requireFinite(points: MetricPoint[], students: StudentNetwork[]): void {
  const wrong = points.find(({ value }) => !Number.isFinite(value))
  if (!wrong) return
  const name = students[wrong.student ?? 0]?.name
  throw new NotFinite(
    `The ${wrong.name} of student ${name} became ${wrong.value} at step ${wrong.step}. A lower learning rate or a longer warm-up usually helps.`,
  )
}
