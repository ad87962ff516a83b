import type { Line } from '../../../charts/chart-data.ts'
import type { ChartSettings } from '../../../charts/chart-settings.ts'
import { lineStyle, type Scheme } from '../../../charts/line-style.ts'
import { meanCurve } from '../../../charts/mean-curve.ts'
import { secondsAt } from '../../../charts/run-clock.ts'
import type { RunFeed } from '../live/run-feed.ts'

/**
 * The lines of a chart: one per student in cohort order, their mean with its deviation, or a single one for a metric of
 * the whole run.
 */
export function linesOf(
  feed: RunFeed,
  name: string,
  { axis, lines }: Pick<ChartSettings, 'axis' | 'lines'>,
  scheme: Scheme,
): Line[] {
  const drawn = lines === 'mean' ? meanOf(feed, name, scheme) : eachOf(feed, name, scheme)
  return axis === 'time' ? drawn.map((line) => ({ ...line, xs: secondsAt(feed.clock, line.steps) })) : drawn
}

function eachOf({ run, curves }: RunFeed, name: string, scheme: Scheme): Line[] {
  const own = curves.filter((curve) => curve.name === name)
  if (own.some(({ student }) => student === null)) {
    return own.map((curve) => ({ ...curve, label: 'run', ...lineStyle(0, scheme) }))
  }
  return run.students.map(({ student }) => {
    const curve = own.find((candidate) => candidate.student === student.position)
    return {
      label: student.name,
      steps: curve?.steps ?? [],
      values: curve?.values ?? [],
      ...lineStyle(student.position, scheme),
    }
  })
}

function meanOf(feed: RunFeed, name: string, scheme: Scheme): Line[] {
  const each = eachOf(feed, name, scheme)
  if (each.length < 2) return each
  const { steps, mean, deviation } = meanCurve(each)
  return [{ label: 'mean', steps, values: mean, deviations: deviation, ...lineStyle(0, scheme) }]
}
