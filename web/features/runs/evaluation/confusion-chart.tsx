'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type { EChartsType } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { chartColours } from '../../../charts/line-style.ts'
import type { Cell } from './confusion-panel.tsx'

/** From nothing to all of a class; on either surface the strongest stands out most. */
const shades = {
  light: ['#f4f4f8', '#c3c7f5', '#7d83e6', '#3a3fb5'],
  dark: ['#1d1d23', '#34377d', '#5c62cf', '#b9bdff'],
} as const

/** With more classes names no longer fit beside each other: the pointer tells them. */
const MOST_NAMES = 40

interface Props {
  names: string[]
  cells: Cell[]
  label: string
}

/** Row: the class; column: what it was taken for; shade: the share of the class. ECharts is loaded when first needed. */
export function ConfusionChart({ names, cells, label }: Props) {
  const scheme = useComputedColorScheme('light')
  const { ref: frame, width } = useElementSize<HTMLDivElement>()
  const holder = useRef<HTMLDivElement>(null)
  const height = Math.min(Math.max(300, width * 0.75), 640)

  useEffect(() => {
    if (!holder.current || width === 0) return
    let chart: EChartsType | undefined
    let isGone = false
    const draw = async () => {
      const echarts = await loadECharts()
      if (isGone || !holder.current) return
      chart = echarts.init(holder.current, null, { renderer: 'canvas', width, height })
      chart.setOption(optionsOf(names, cells, scheme, width))
    }
    void draw()
    return () => {
      isGone = true
      chart?.dispose()
    }
  }, [names, cells, scheme, width, height])

  return (
    <div ref={frame} style={{ height }} className="overflow-hidden">
      <div ref={holder} role="img" aria-label={label} />
    </div>
  )
}

async function loadECharts() {
  const [
    core,
    { HeatmapChart },
    { GridComponent, TooltipComponent, VisualMapComponent },
    { CanvasRenderer },
  ] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  core.use([HeatmapChart, GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer])
  return core
}

function optionsOf(names: string[], cells: Cell[], scheme: 'light' | 'dark', width: number) {
  const { text, axis } = chartColours[scheme]
  const totals = new Map<number, number>()
  for (const cell of cells) totals.set(cell.class, (totals.get(cell.class) ?? 0) + cell.count)
  const showNames = names.length <= MOST_NAMES && width > 420
  const named = (name: string) => ({
    type: 'category' as const,
    data: names,
    name,
    nameLocation: 'middle' as const,
    nameGap: showNames ? 78 : 12,
    nameTextStyle: { color: text },
    axisLabel: { show: showNames, color: text, interval: 0, width: 70, overflow: 'truncate' as const },
    axisLine: { lineStyle: { color: axis } },
    axisTick: { show: false },
    splitArea: { show: false },
  })
  return {
    animation: false,
    grid: { left: showNames ? 96 : 30, right: 10, top: 10, bottom: showNames ? 100 : 30 },
    xAxis: { ...named('taken for'), axisLabel: { ...named('').axisLabel, rotate: 45 } },
    yAxis: { ...named('class'), inverse: true },
    visualMap: { show: false, dimension: 2, min: 0, max: 1, inRange: { color: [...shades[scheme]] } },
    tooltip: {
      confine: true,
      formatter: ({ data }: { data: [number, number, number, number] }) =>
        `${escapeHtml(names[data[1]])} taken for ${escapeHtml(names[data[0]])}: ${data[3]} (${(100 * data[2]).toFixed(1)} %)`,
    },
    series: [
      {
        type: 'heatmap' as const,
        progressive: 0,
        data: cells.map((cell) => [
          cell.takenFor,
          cell.class,
          cell.count / (totals.get(cell.class) ?? 1),
          cell.count,
        ]),
        emphasis: { itemStyle: { borderColor: text, borderWidth: 1 } },
      },
    ],
  }
}

/** ECharts takes a tooltip for HTML, and class names are people's. */
function escapeHtml(name = ''): string {
  return name.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
