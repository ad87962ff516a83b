import type { MetricSeries } from '../../contract/runs/run-events.ts'
import type { MetricPoint } from '../../contract/training.ts'

/** Groups points by series; within a series they keep their order, which is by step. */
export class GatheredPoints {
  readonly #series = new Map<string, MetricSeries>()

  add(points: readonly MetricPoint[]): void {
    for (const { student, name, step, value } of points) {
      const { steps, values } = this.#seriesOf(student, name)
      steps.push(step)
      values.push(value)
    }
  }

  series(): MetricSeries[] {
    return [...this.#series.values()]
  }

  #seriesOf(student: number | null, name: MetricPoint['name']): MetricSeries {
    const key = `${student} ${name}`
    const one = this.#series.get(key) ?? { student, name, steps: [], values: [] }
    this.#series.set(key, one)
    return one
  }
}
