import type { Line } from '../../charts/chart-data.ts'
import type { ChartSettings } from '../../charts/chart-settings.ts'
import { lineStyle, type Scheme } from '../../charts/line-style.ts'
import { meanCurve } from '../../charts/mean-curve.ts'
import { secondsAt } from '../../charts/run-clock.ts'
import type { ComparedRunFragment } from '../../graphql/generated/operations.ts'

type Settings = Pick<ChartSettings, 'axis' | 'lines'>

/** The lines of a compared chart: a run's mean over its students, or that of all runs that differ in their seeds only. */
export function comparedLines(
  runs: readonly ComparedRunFragment[],
  name: string,
  settings: Settings,
  scheme: Scheme,
): Line[] {
  const means = runs.map((run) => ({ run, ...meanCurve(run.metrics.filter((one) => one.name === name)) }))
  const lines = settings.lines === 'seeds' ? bySeeds(means) : means.map((mean) => ofRun(mean, settings))
  return lines.map(({ runs: own, label, steps, values, deviations }, i) => ({
    label,
    steps,
    values,
    ...(deviations && { deviations }),
    ...lineStyle(i, scheme),
    ...(settings.axis !== 'step' && { xs: positionsOf(own, steps, settings.axis) }),
  }))
}

interface RunMean {
  run: ComparedRunFragment
  steps: number[]
  mean: number[]
  deviation: number[]
}

interface Drawn {
  runs: readonly ComparedRunFragment[]
  label: string
  steps: number[]
  values: number[]
  deviations?: number[]
}

function ofRun({ run, steps, mean, deviation }: RunMean, { lines }: Settings): Drawn {
  const band = lines === 'mean' ? { deviations: deviation } : {}
  return { runs: [run], label: `Run ${run.number}`, steps, values: mean, ...band }
}

function bySeeds(means: readonly RunMean[]): Drawn[] {
  const groups = new Map<string, RunMean[]>()
  for (const mean of means) {
    const { cohort, datasetVersion, recipe } = mean.run
    const key = JSON.stringify([cohort.id, datasetVersion.id, recipe])
    groups.set(key, [...(groups.get(key) ?? []), mean])
  }
  return [...groups.values()].map((group) => {
    const { steps, mean, deviation } = meanCurve(group.map((one) => ({ steps: one.steps, values: one.mean })))
    const numbers = group.map(({ run }) => run.number)
    const label = numbers.length === 1 ? `Run ${numbers[0]}` : `Runs ${numbers.join(', ')}`
    return { runs: group.map(({ run }) => run), label, steps, values: mean, deviations: deviation }
  })
}

/** Epochs are as long as the run's; of several runs a step counts at the mean of the times at which they reached it. */
function positionsOf(
  runs: readonly ComparedRunFragment[],
  steps: readonly number[],
  axis: 'epoch' | 'time',
): number[] {
  if (axis === 'epoch') {
    const { steps: all, epochs } = runs[0]?.progress ?? { steps: null, epochs: 1 }
    return steps.map((step) => (all ? (step * epochs) / all : step))
  }
  const times = runs.map(({ pace }) => secondsAt(pace, steps))
  return steps.map((_, i) => times.reduce((sum, one) => sum + (one[i] ?? 0), 0) / times.length)
}
