'use client'

import { Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type ChartView, type Line, unitOf } from './chart-data.ts'
import { ChartLegend } from './chart-legend.tsx'
import { LineChart } from './line-chart.tsx'
import { smooth } from './points/smooth.ts'
import { formatX } from './x-axis.ts'

export interface FigureProps {
  title: string
  lines: readonly Line[]
  /** Labels of hidden lines. */
  hidden: readonly string[]
  onToggle: (label: string) => void
  view: ChartView
  format: (value: number | null) => string
  formatAxis: (value: number) => string
  syncKey: string
  /** Shown if no line has a point. */
  emptyWords: string
  zoom: readonly [number, number] | null
  onZoom: (range: [number, number] | null) => void
}

/** Legend and chart; the legend has the values under the cursor, or the last ones. */
export function ChartFigure(props: FigureProps & { height: number }) {
  const { title, lines, hidden, onToggle, view, format, formatAxis, syncKey, zoom, onZoom } = props
  const shown = useMemo(() => lines.filter(({ label }) => !hidden.includes(label)), [lines, hidden])
  const [cursor, setCursor] = useState<{ x: number; values: (number | null)[] } | null>(null)
  const unit = unitOf(view)
  const { smoothing } = view
  // Every point of every line: not again for each move of the pointer.
  const last = useMemo(
    () => new Map(shown.map(({ label, values }) => [label, lastOf(values, smoothing)])),
    [shown, smoothing],
  )
  const pointed = cursor && new Map(shown.map(({ label }, i) => [label, cursor.values[i] ?? null]))
  const spoken = useMemo(
    () => shown.map(({ label }) => `${label} ${format(last.get(label) ?? null)}`).join(', '),
    [shown, last, format],
  )
  const empty = isEmpty(lines)
  return (
    <>
      <div className="flex items-start justify-between gap-4">
        <ChartLegend
          lines={lines}
          values={pointed ?? last}
          format={format}
          hidden={hidden}
          onToggle={onToggle}
        />
        <Text size="xs" c="dimmed" className="numbers pt-1 whitespace-nowrap" aria-hidden>
          {cursor ? `${unit} ${formatX(cursor.x, unit)}` : ''}
        </Text>
      </div>
      <div className="relative mt-2">
        {empty && (
          <Text
            size="sm"
            c="dimmed"
            className="absolute inset-0 grid place-items-center rounded-md border border-dashed border-[var(--line)]"
          >
            {props.emptyWords}
          </Text>
        )}
        <LineChart
          hidden={empty}
          lines={shown}
          view={view}
          height={props.height}
          description={`${title} by ${unit}. Last: ${spoken}.`}
          formatX={(x) => formatX(x, unit)}
          formatY={formatAxis}
          syncKey={syncKey}
          onCursor={setCursor}
          zoom={zoom}
          onZoom={onZoom}
        />
      </div>
    </>
  )
}

export function isEmpty(lines: readonly Line[]): boolean {
  return lines.every(({ steps }) => steps.length === 0)
}

function lastOf(values: readonly number[], smoothing: number): number | null {
  return (smoothing > 0 ? smooth(values, smoothing) : values).at(-1) ?? null
}
