import type { MetricSeries } from '../../contract/run-events.ts'
import type { MetricPoint } from '../../contract/training.ts'

/** Points by series, as they come: those of a series in the order of its steps. */
export class GatheredPoints {
  readonly #series = new Map<string, MetricSeries>()

  add(points: readonly MetricPoint[]): void {
    for (const { student, name, step, value } of points) {
      const { steps, values } = this.#seriesOf(student, name)
      steps.push(step)
      values.push(value)
    }
  }

  /** Those that have points. */
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
