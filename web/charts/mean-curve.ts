interface Points {
  /** Ascending. */
  steps: readonly number[]
  values: readonly number[]
}

export interface MeanCurve {
  steps: number[]
  mean: number[]
  low: number[]
  high: number[]
  /** Of the sample; 0 where there is one value. */
  deviation: number[]
}

/**
 * Mean, deviation, lowest and highest of several curves, from the first step that all of them have reached. A curve without a
 * point at a step counts with its latest one before it; a point that is not finite ends its curve's part in the mean.
 */
export function meanCurve(curves: readonly Points[]): MeanCurve {
  const measured = curves.filter(({ steps }) => steps.length > 0)
  const result: MeanCurve = { steps: [], mean: [], low: [], high: [], deviation: [] }
  const next = measured.map(() => 0)
  const latest: (number | null)[] = measured.map(() => null)
  const all = [...new Set(measured.flatMap(({ steps }) => steps))].sort((a, b) => a - b)
  for (const step of all) {
    for (const [i, curve] of measured.entries()) {
      if (curve.steps[next[i] ?? 0] !== step) continue
      latest[i] = curve.values[next[i] ?? 0] ?? null
      next[i] = (next[i] ?? 0) + 1
    }
    if (latest.some((value) => value === null)) continue
    const values = latest.filter((value) => value !== null && Number.isFinite(value)) as number[]
    if (values.length === 0) continue
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    result.steps.push(step)
    result.mean.push(mean)
    result.low.push(Math.min(...values))
    result.high.push(Math.max(...values))
    result.deviation.push(deviationOf(values, mean))
  }
  return result
}

function deviationOf(values: readonly number[], mean: number): number {
  if (values.length < 2) return 0
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
