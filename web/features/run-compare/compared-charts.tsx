'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import { type ChartSettings, toggleLine } from '../../charts/chart-settings.ts'
import { lineStyle, type Scheme } from '../../charts/line-style.ts'
import { meanCurve } from '../../charts/mean-curve.ts'
import type { ComparedRunFragment } from '../../graphql/generated/operations.ts'
import { axisFormatOf, formatOf, type RunChart, runCharts } from '../run-list/run-charts.ts'

const NAMES = ['testTop1', 'testMap', 'loss', 'testLoss', 'mutualLoss']
const charts = runCharts.filter(({ name }) => NAMES.includes(name))

interface Props {
  runs: readonly ComparedRunFragment[]
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
  columns?: 1 | 2
}

/** One line a run: the mean of its students. */
export function ComparedCharts({ runs, settings, onChange, columns = 2 }: Props) {
  const scheme = useComputedColorScheme('light')
  const measured = charts.filter(({ name }) =>
    runs.some(({ metrics }) => metrics.some((one) => one.name === name)),
  )
  return (
    <div className={`grid gap-6 ${columns === 2 ? 'lg:grid-cols-2' : ''}`}>
      {measured.map((chart) => (
        <ComparedChart
          key={chart.name}
          chart={chart}
          runs={runs}
          scheme={scheme}
          settings={settings}
          onChange={onChange}
        />
      ))}
    </div>
  )
}

function ComparedChart({
  chart,
  runs,
  scheme,
  settings,
  onChange,
}: Props & { chart: RunChart; scheme: Scheme }) {
  const isByEpoch = settings.axis === 'epoch'
  const lines = useMemo(
    () => runs.map((run, i) => lineOf(run, chart.name, isByEpoch, { ...lineStyle(i, scheme) })),
    [runs, chart.name, isByEpoch, scheme],
  )
  const view = useMemo(
    () => ({
      smoothing: chart.smooths ? settings.smoothing : 0,
      logarithmic: chart.isLoss && settings.logarithmic,
      // Already in the unit of the axis, since an epoch of one run is as long as two of another.
      stepsPerUnit: 1,
      unit: settings.axis,
    }),
    [chart, settings.smoothing, settings.logarithmic, settings.axis],
  )
  return (
    <ChartPanel
      title={`${chart.title}, mean of the students`}
      lines={lines}
      hidden={settings.hidden}
      onToggle={(label) => onChange(toggleLine(settings, label))}
      view={view}
      format={formatOf(chart)}
      formatAxis={axisFormatOf(chart)}
      syncKey="compared runs"
      fileName={`compared-${chart.name}`}
      emptyWords="Nothing measured yet"
    />
  )
}

function lineOf(
  run: ComparedRunFragment,
  name: string,
  isByEpoch: boolean,
  style: ReturnType<typeof lineStyle>,
) {
  const { steps, mean } = meanCurve(run.metrics.filter((one) => one.name === name))
  const stepsPerEpoch = run.progress.steps ? run.progress.steps / run.progress.epochs : 1
  const label = `Run ${run.number}`
  return {
    label,
    steps: isByEpoch ? steps.map((step) => step / stepsPerEpoch) : steps,
    values: mean,
    ...style,
  }
}
