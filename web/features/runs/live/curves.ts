import type { RunRowFragment } from '../../../graphql/generated/operations.ts'

export interface Curve {
  /** The student's position; null for a curve of the whole run. */
  student: number | null
  name: string
  /** Ascending. */
  steps: number[]
  /** One per step. */
  values: number[]
}

type Students = RunRowFragment['students']

/**
 * Adds an event's points to curves. Existing points from their first step on are replaced: the query may
 * already have included them, and an attempt that resumes from a checkpoint measures later steps again.
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
 * Truncates all curves where a new attempt starts, given its first points: later points of an earlier attempt
 * are dropped, including those of curves that the new attempt only reaches later.
 */
export function truncateForAttempt(curves: readonly Curve[], series: readonly Curve[]): readonly Curve[] {
  const first = series.reduce((min, { steps }) => Math.min(min, steps[0] ?? min), Number.POSITIVE_INFINITY)
  return curves.map((curve) => cutAfter(curve, first)).filter(({ steps }) => steps.length > 0)
}

function cutAfter(curve: Curve, step: number): Curve {
  const kept = curve.steps.findLastIndex((one) => one <= step) + 1
  if (kept === curve.steps.length) return curve
  return { ...curve, steps: curve.steps.slice(0, kept), values: curve.values.slice(0, kept) }
}

/** Updates students' last and best scores from their curves; downsampled curves keep their highest point. */
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
