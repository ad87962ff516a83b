'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { ChartControls } from '../../../charts/chart-controls.tsx'
import { ChartPanel } from '../../../charts/chart-panel.tsx'
import { type ChartLines, type ChartSettings, toggleLine } from '../../../charts/chart-settings.ts'
import { axisFormatOf, formatOf, type RunChart } from '../../run-list/run-charts.ts'
import type { RunFeed } from '../live/run-feed.ts'
import { linesOf } from './run-lines.ts'

interface Props {
  feed: RunFeed
  chart: RunChart
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}

/** What the lines of a run's charts may be. */
export const RUN_CHART_LINES: { value: ChartLines; label: string }[] = [
  { value: 'each', label: 'Each student' },
  { value: 'mean', label: 'Mean ± deviation' },
]

export function RunChartPanel({ feed, chart, settings, onChange }: Props) {
  const scheme = useComputedColorScheme('light')
  const { axis, lines: shownLines } = settings
  const lines = useMemo(
    () => linesOf(feed, chart.name, { axis, lines: shownLines }, scheme),
    [feed, chart.name, axis, shownLines, scheme],
  )
  const { steps, epochs } = feed.run.progress
  const stepsPerUnit = axis === 'epoch' && steps ? steps / epochs : 1
  const view = useMemo(
    () => ({
      smoothing: chart.smooths ? settings.smoothing : 0,
      logarithmic: chart.isLoss && settings.logarithmic,
      withoutOutliers: settings.withoutOutliers,
      stepsPerUnit,
      unit: axis,
    }),
    [chart, settings.smoothing, settings.logarithmic, settings.withoutOutliers, stepsPerUnit, axis],
  )
  return (
    <ChartPanel
      title={chart.title}
      lines={lines}
      hidden={settings.hidden}
      onToggle={(label) => onChange(toggleLine(settings, label))}
      view={view}
      format={formatOf(chart)}
      formatAxis={axisFormatOf(chart)}
      syncKey={feed.run.id}
      fileName={`run-${feed.run.number}-${chart.name}`}
      emptyWords={isEnded(feed.run.status) ? 'Nothing was measured' : 'Nothing measured yet'}
      zoom={settings.zoom}
      onZoom={(zoom) => onChange({ ...settings, zoom })}
      isFull={settings.full === chart.name}
      onFull={(isFull) => onChange({ ...settings, full: isFull ? chart.name : null })}
      controls={<ChartControls settings={settings} onChange={onChange} lines={RUN_CHART_LINES} />}
    />
  )
}
