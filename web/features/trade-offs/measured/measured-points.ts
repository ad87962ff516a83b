import type { TradeOffPartsFragment } from '../../../graphql/generated/operations.ts'
import type { Backend } from '../../try/networks/load-tensorflow.ts'
import type { MeasuredTime } from './measured-times.ts'

type Point = TradeOffPartsFragment['points'][number]

/** With which backends any of the points was measured, the one used last first. */
export function measuredBackends(points: readonly Point[], times: readonly MeasuredTime[]): Backend[] {
  const ids = new Set(points.map(({ id }) => id))
  const used = times.filter(({ modelId }) => ids.has(modelId)).map(({ backend }) => backend)
  return [...new Set(used.reverse())]
}

/** The points that were measured with a backend, by their milliseconds, the fastest first. */
export function measuredPoints(
  points: readonly Point[],
  times: readonly MeasuredTime[],
  backend: Backend,
): Point[] {
  const byModel = new Map(
    times.filter((time) => time.backend === backend).map((time) => [time.modelId, time.medianMs]),
  )
  const measured = points
    .flatMap((point) => {
      const cost = byModel.get(point.id)
      return cost === undefined ? [] : [{ ...point, cost }]
    })
    .sort((a, b) => a.cost - b.cost || b.score - a.score)
  let best = Number.NEGATIVE_INFINITY
  return measured.map((point) => {
    const isOnFrontier = point.score > best
    if (isOnFrontier) best = point.score
    return { ...point, isOnFrontier }
  })
}

/** When the points were measured: the first and the last day, in ISO. */
export function measuredSpan(
  points: readonly Point[],
  times: readonly MeasuredTime[],
  backend: Backend,
): [first: string, last: string] | null {
  const ids = new Set(points.map(({ id }) => id))
  const all = times
    .filter((time) => time.backend === backend && ids.has(time.modelId))
    .map(({ at }) => at)
    .sort()
  const [first, last] = [all.at(0), all.at(-1)]
  return first && last ? [first, last] : null
}
