import type { RunRowFragment } from '../../../graphql/generated/operations.ts'

export interface Curve {
  /** A position; null for a number of the whole run. */
  student: number | null
  name: string
  /** Ascending. */
  steps: number[]
  /** One a step. */
  values: number[]
}

type Students = RunRowFragment['students']

/**
 * Curves with the points of an event. What a curve already has from their first step on is replaced: the query may have
 * counted these points, and an attempt that goes on from a checkpoint measures the steps after it again.
 */
export function withSeries(curves: readonly Curve[], series: readonly Curve[]): Curve[] {
  const next = [...curves]
  for (const { student, name, steps, values } of series) {
    const [first] = steps
    if (first === undefined) continue
    const place = next.findIndex((curve) => curve.student === student && curve.name === name)
    const before = cutAfter(next[place] ?? { student, name, steps: [], values: [] }, first - 1)
    next[place < 0 ? next.length : place] = {
      ...before,
      steps: before.steps.concat(steps),
      values: before.values.concat(values),
    }
  }
  return next
}

/**
 * Curves as an attempt finds them that begins with these points: what an earlier one measured after that is forgotten,
 * of curves, too, that this one comes to later.
 */
export function beginWith(curves: readonly Curve[], series: readonly Curve[]): readonly Curve[] {
  const first = series.reduce(
    (least, { steps }) => Math.min(least, steps[0] ?? least),
    Number.POSITIVE_INFINITY,
  )
  return curves.map((curve) => cutAfter(curve, first)).filter(({ steps }) => steps.length > 0)
}

function cutAfter(curve: Curve, step: number): Curve {
  const kept = curve.steps.findLastIndex((one) => one <= step) + 1
  if (kept === curve.steps.length) return curve
  return { ...curve, steps: curve.steps.slice(0, kept), values: curve.values.slice(0, kept) }
}

/** Students with the last and the best of their curves; of a curve that was thinned, too, which keeps its highest point. */
export function withNewestNumbers(students: Students, curves: readonly Curve[]): Students {
  return students.map((student) => {
    const { position } = student.student
    const valuesOf = (name: string) =>
      curves.find((curve) => curve.student === position && curve.name === name)?.values ?? []
    return {
      ...student,
      lastLoss: valuesOf('loss').at(-1) ?? null,
      lastTrainTop1: valuesOf('trainTop1').at(-1) ?? null,
      lastTestTop1: valuesOf('testTop1').at(-1) ?? null,
      bestTestTop1: highest(valuesOf('testTop1')),
      lastTestMap: valuesOf('testMap').at(-1) ?? null,
      bestTestMap: highest(valuesOf('testMap')),
    }
  })
}

function highest(values: readonly number[]): number | null {
  return values.reduce<number | null>(
    (best, value) => (Number.isFinite(value) && (best === null || value > best) ? value : best),
    null,
  )
}
