'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useMemo, useState } from 'react'
import { ChartLegend } from '../../../charts/chart-legend.tsx'
import { toggleLine } from '../../../charts/chart-settings.ts'
import { LineChart } from '../../../charts/line-chart.tsx'
import { lineStyle } from '../../../charts/line-style.ts'
import { useChartSettings } from '../../../charts/use-chart-settings.ts'
import { formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import type { RetrievalPartsFragment } from '../../../graphql/generated/operations.ts'

const view = { smoothing: 0, logarithmic: false, stepsPerUnit: 1 }

/**
 * The cumulative match curve: the share of queries with a match by each rank. The table above has its
 * numbers.
 */
export function CmcPanel({ runId, retrieval }: { runId: string; retrieval: RetrievalPartsFragment }) {
  const scheme = useComputedColorScheme('light')
  const [cursor, setCursor] = useState<{ x: number; values: (number | null)[] } | null>(null)
  const [settings, change] = useChartSettings()
  const lines = useMemo(() => {
    const scored = [
      ...retrieval.students.map(({ name, score }) => ({ label: name, cmc: score.cmc })),
      { label: 'ensemble', cmc: retrieval.ensemble.cmc },
    ]
    return scored.map(({ label, cmc }, index) => ({
      label,
      steps: cmc.map((_, rank) => rank + 1),
      values: [...cmc],
      ...lineStyle(index, scheme),
    }))
  }, [retrieval, scheme])
  const shown = useMemo(
    () => lines.filter(({ label }) => !settings.hidden.includes(label)),
    [lines, settings.hidden],
  )
  const values = new Map(
    shown.map(({ label, values }, i) => [label, (cursor ? cursor.values[i] : values[0]) ?? null]),
  )
  const spoken = shown.map(({ label, values }) => `${label} ${formatShare(values[0])}`).join(', ')
  return (
    <Panel
      title="Cumulative matching curve"
      note={cursor ? `Right by rank ${cursor.x}` : 'Fraction of queries with a match by rank'}
    >
      <ChartLegend
        lines={lines}
        values={values}
        format={(value) => formatShare(value)}
        hidden={settings.hidden}
        onToggle={(label) => change(toggleLine(settings, label))}
      />
      <div className="mt-2">
        <LineChart
          lines={shown}
          view={view}
          hidden={false}
          height={250}
          description={`Cumulative matching curve, ranks 1 to ${retrieval.ensemble.cmc.length}. At rank 1: ${spoken}.`}
          formatX={String}
          formatY={(value) => `${Number((100 * value).toFixed(1))} %`}
          syncKey={`${runId}-cmc`}
          onCursor={setCursor}
        />
      </div>
    </Panel>
  )
}
