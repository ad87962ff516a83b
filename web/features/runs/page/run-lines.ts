import type { Line } from '../../../charts/chart-data.ts'
import { lineStyle, type Scheme } from '../../../charts/line-style.ts'
import type { RunFeed } from '../live/run-feed.ts'

/** The lines of a chart: one per student in cohort order, or a single one for a metric of the whole run. */
export function linesOf({ run, curves }: RunFeed, name: string, scheme: Scheme): Line[] {
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
