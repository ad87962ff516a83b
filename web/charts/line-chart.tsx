'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import { type ChartView, chartData, type Line, unitOf, valuesAt } from './chart-data.ts'
import { chartOptions } from './chart-options.ts'

interface Props {
  lines: readonly Line[]
  view: ChartView
  /** Keeps the chart's space but hides it, because axes without points would be misleading. */
  hidden: boolean
  height: number
  description: string
  formatX: (x: number) => string
  formatY: (y: number) => string
  /** Charts with the same key whose x axes count the same have synchronized cursors. */
  syncKey: string
  /** Receives the cursor's position and each line's value there; null when the cursor leaves. */
  onCursor: (at: { x: number; values: (number | null)[] } | null) => void
  /** The shown part of the x axis, which a drag chooses and a double click leaves; null for all of it. */
  zoom?: readonly [number, number] | null
  onZoom?: (range: [number, number] | null) => void
}

/** A uPlot chart. Recreated only when its structure changes; new points are only redrawn. */
export function LineChart(props: Props) {
  const { lines, view, height, zoom = null } = props
  const scheme = useComputedColorScheme('light')
  const { ref: frame, width } = useElementSize<HTMLDivElement>()
  const container = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = useMemo(() => chartData(lines, view, zoom), [lines, view, zoom])
  const latest = useRef({ ...props, data })
  latest.current = { ...props, data }
  const unit = unitOf(view)
  const structure = JSON.stringify([
    lines.map(({ label, colour, deviations }) => [label, colour, deviations !== undefined]),
    view.smoothing > 0,
    view.logarithmic,
    view.withoutOutliers,
    unit,
    scheme,
    width > 0,
  ])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `structure` covers all that requires a new chart
  useEffect(() => {
    if (!container.current || width === 0) return
    const now = latest.current
    const options = chartOptions(now.lines, {
      scheme,
      view: now.view,
      unit,
      width,
      height,
      formatX: (x) => latest.current.formatX(x),
      formatY: (y) => latest.current.formatY(y),
      syncKey: `${now.syncKey} ${unit}`,
      onCursor: (column) => {
        const { data, lines, onCursor } = latest.current
        const x = column === null ? undefined : data[0][column]
        onCursor(
          column === null || x === undefined ? null : { x, values: valuesAt(data, column, lines.length) },
        )
      },
      zoom: () => latest.current.zoom ?? null,
      onZoom: (range) => latest.current.onZoom?.(range),
    })
    const created = new uPlot(options, now.data, container.current)
    plot.current = created
    return () => {
      created.destroy()
      plot.current = null
    }
  }, [structure])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the ranges are asked for anew where the zoom has changed
  useEffect(() => plot.current?.setData(data), [data, zoom])
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height })
  }, [width, height])

  return (
    <div ref={frame} style={{ height }} className={`overflow-hidden ${props.hidden ? 'invisible' : ''}`}>
      <div ref={container} role="img" aria-label={props.description} />
    </div>
  )
}
