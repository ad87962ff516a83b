'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { ChartPanel } from '../../../charts/chart-panel.tsx'
import { type ChartSettings, toggleLine } from '../../../charts/chart-settings.ts'
import { axisFormatOf, formatOf, type RunChart } from '../../run-list/run-charts.ts'
import type { RunFeed } from '../live/run-feed.ts'
import { linesOf } from './run-lines.ts'

interface Props {
  feed: RunFeed
  chart: RunChart
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}

export function RunChartPanel({ feed, chart, settings, onChange }: Props) {
  const scheme = useComputedColorScheme('light')
  const lines = useMemo(() => linesOf(feed, chart.name, scheme), [feed, chart.name, scheme])
  const { steps, epochs } = feed.run.progress
  const stepsPerUnit = settings.axis === 'epoch' && steps ? steps / epochs : 1
  const view = useMemo(
    () => ({
      smoothing: chart.smooths ? settings.smoothing : 0,
      logarithmic: chart.isLoss && settings.logarithmic,
      stepsPerUnit,
    }),
    [chart, settings.smoothing, settings.logarithmic, stepsPerUnit],
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
    />
  )
}
