'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { ChartControls } from '../../charts/chart-controls.tsx'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import { type ChartLines, type ChartSettings, toggleLine } from '../../charts/chart-settings.ts'
import type { Scheme } from '../../charts/line-style.ts'
import type { ComparedRunFragment } from '../../graphql/generated/operations.ts'
import { axisFormatOf, formatOf, type RunChart, runCharts } from '../run-list/run-charts.ts'
import { comparedLines } from './compared-lines.ts'

const NAMES = ['testTop1', 'testMap', 'loss', 'testLoss', 'mutualLoss']
const charts = runCharts.filter(({ name }) => NAMES.includes(name))

/** What the lines of compared runs may be. */
export const COMPARED_LINES: { value: ChartLines; label: string }[] = [
  { value: 'each', label: 'Each run' },
  { value: 'mean', label: '± over its students' },
  { value: 'seeds', label: '± over seeds' },
]

interface Props {
  runs: readonly ComparedRunFragment[]
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
  columns?: 1 | 2
}

/** One line a run, the mean of its students, or one for all that differ in their seeds only. */
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
  const { axis, lines: shownLines } = settings
  const lines = useMemo(
    () => comparedLines(runs, chart.name, { axis, lines: shownLines }, scheme),
    [runs, chart.name, axis, shownLines, scheme],
  )
  const view = useMemo(
    () => ({
      smoothing: chart.smooths ? settings.smoothing : 0,
      logarithmic: chart.isLoss && settings.logarithmic,
      withoutOutliers: settings.withoutOutliers,
      stepsPerUnit: 1,
      unit: axis,
    }),
    [chart, settings.smoothing, settings.logarithmic, settings.withoutOutliers, axis],
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
      zoom={settings.zoom}
      onZoom={(zoom) => onChange({ ...settings, zoom })}
      isFull={settings.full === chart.name}
      onFull={(isFull) => onChange({ ...settings, full: isFull ? chart.name : null })}
      controls={<ChartControls settings={settings} onChange={onChange} lines={COMPARED_LINES} />}
    />
  )
}
