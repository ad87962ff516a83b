'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type { EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'
import { confusionOptions, type ShownMatrix } from './confusion-options.ts'

interface Props {
  matrix: ShownMatrix
  label: string
  onSelect: (row: number, column: number) => void
}

/**
 * Rows: true class; columns: predicted class; shade: share of the row's class. ECharts is loaded on demand.
 */
export function ConfusionChart({ matrix, label, onSelect }: Props) {
  const scheme = useComputedColorScheme('light')
  const { ref: frame, width } = useElementSize<HTMLDivElement>()
  const container = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType | null>(null)
  const height = Math.round(Math.min(Math.max(300, width * 0.75), 640))
  const isMeasured = width > 0

  useEffect(() => {
    if (!isMeasured) return
    let own: EChartsType | undefined
    let isGone = false
    void loadECharts().then((echarts) => {
      if (isGone || !container.current) return
      own = echarts.init(container.current, null, { renderer: 'canvas', width: 300, height: 300 })
      setChart(own)
    })
    return () => {
      isGone = true
      setChart(null)
      own?.dispose()
    }
  }, [isMeasured])

  useEffect(() => {
    if (!chart) return
    chart.resize({ width, height })
    chart.setOption(confusionOptions(matrix, scheme, width), { notMerge: true })
  }, [chart, matrix, scheme, width, height])

  useEffect(() => {
    if (!chart) return
    const select = (event: { value?: unknown }) => {
      const [column, row] = event.value as [number, number]
      onSelect(row, column)
    }
    chart.on('click', select)
    return () => {
      // The chart is already disposed of on unmount.
      if (!chart.isDisposed()) chart.off('click', select)
    }
  }, [chart, onSelect])

  return (
    <div ref={frame} style={{ height }} className="overflow-hidden">
      <div ref={container} role="img" aria-label={label} />
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
