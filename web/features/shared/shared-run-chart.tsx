'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useMemo, useState } from 'react'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import { DEFAULT_CHART_SETTINGS, toggleLine } from '../../charts/chart-settings.ts'
import { lineStyle } from '../../charts/line-style.ts'
import type { SharedRunPartsFragment } from '../../graphql/generated/operations.ts'
import { axisFormatOf, formatOf, type RunChart } from '../run-list/run-charts.ts'

/** One metric of a shared run, a line for each student. */
export function SharedRunChart({ run, chart }: { run: SharedRunPartsFragment; chart: RunChart }) {
  const scheme = useComputedColorScheme('light')
  const [settings, setSettings] = useState(DEFAULT_CHART_SETTINGS)
  const lines = useMemo(
    () =>
      run.cohort.students.map(({ name }, position) => {
        const own = run.metrics.find((series) => series.student === position && series.name === chart.name)
        return {
          label: name,
          steps: own?.steps ?? [],
          values: own?.values ?? [],
          ...lineStyle(position, scheme),
        }
      }),
    [run, chart, scheme],
  )
  const view = useMemo(
    () => ({ smoothing: chart.smooths ? settings.smoothing : 0, logarithmic: false, stepsPerUnit: 1 }),
    [chart, settings.smoothing],
  )
  return (
    <ChartPanel
      title={chart.title}
      lines={lines}
      hidden={settings.hidden}
      onToggle={(label) => setSettings(toggleLine(settings, label))}
      view={view}
      format={formatOf(chart)}
      formatAxis={axisFormatOf(chart)}
      syncKey="shared"
      fileName={chart.name}
      emptyWords={isEnded(run.status) ? 'Nothing was measured' : 'Nothing measured yet'}
    />
  )
}
