import * as echarts from 'echarts'
import type { Comparison, Difference } from '../../experiments/compare.ts'
import type { ExperimentRecord } from '../../experiments/record.ts'

/** Distinguishable without colour too: every arm has a shape of its own. */
const LOOKS = [
  { color: '#2f6fed', symbol: 'diamond' },
  { color: '#d9730d', symbol: 'triangle' },
  { color: '#1a9e6c', symbol: 'rect' },
  { color: '#a23bd6', symbol: 'circle' },
]
const FONT = 'system-ui, sans-serif'
const ROW_HEIGHT_PX = 26
const LABEL_WIDTH_PX = 430

type Row = Comparison & { difference: Difference }

/**
 * What every arm differs by from its control, as an SVG: points of a percent across, one row a comparison of what was
 * asked; each seed as a small mark, their mean as a large one on its interval.
 */
export function drawChart({ title, conditions }: ExperimentRecord, compared: readonly Comparison[]): string {
  const rows = compared
    .filter((row): row is Row => row.measure.part === 'MAIN' && row.difference !== null)
    .toReversed()
  const arms = [...new Set(rows.toReversed().map(({ arm }) => arm))]
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: 980,
    height: 136 + Math.max(1, rows.length) * ROW_HEIGHT_PX,
  })
  const labelOf = ({ condition, measure, arm, control }: Row) =>
    `${conditions.length > 1 ? `${condition}: ` : ''}${measure.name}, ${arm} over ${control}`
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    title: {
      text: title,
      subtext:
        'Paired differences from the control on the test images: each seed small, their mean large, with its 95 % interval',
      left: 16,
      top: 10,
      textStyle: { fontSize: 15, fontWeight: 600 },
      subtextStyle: { fontSize: 12, color: '#5c616b' },
    },
    legend: { data: arms, top: 56, left: 12, itemWidth: 14, itemHeight: 12 },
    grid: { left: LABEL_WIDTH_PX, right: 28, top: 88, bottom: 44 },
    xAxis: {
      type: 'value',
      name: 'points',
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { lineStyle: { color: '#ececf0' } },
    },
    yAxis: {
      type: 'category',
      data: rows.map(labelOf),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { width: LABEL_WIDTH_PX - 20, overflow: 'truncate' },
      splitLine: { show: true, lineStyle: { color: '#f4f4f6' } },
    },
    series: arms.flatMap((arm, i) =>
      seriesOf(
        arm,
        i,
        rows.map((row, y) => ({ row, y })).filter(({ row }) => row.arm === arm),
      ),
    ),
  })
  const svg = chart.renderToSVGString()
  // It would keep the process alive.
  chart.dispose()
  return svg
}

function seriesOf(arm: string, index: number, own: { row: Row; y: number }[]): echarts.SeriesOption[] {
  // biome-ignore lint/style/noNonNullAssertion: a remainder of the length is an index
  const { color, symbol } = LOOKS[index % LOOKS.length]!
  const common = { type: 'scatter' as const, symbol, silent: true }
  const intervals = own.map(({ row, y }): echarts.LineSeriesOption => {
    const { low, high } = row.difference.interval ?? { low: row.difference.mean, high: row.difference.mean }
    return {
      type: 'line',
      silent: true,
      symbol: 'none',
      lineStyle: { color, width: 2 },
      data: [low, high].map((value) => [100 * value, y]),
    }
  })
  return [
    ...intervals,
    {
      ...common,
      name: arm,
      symbolSize: 14,
      itemStyle: { color },
      data: own.map(({ row, y }) => [100 * row.difference.mean, y]),
      ...(index === 0 && { markLine: ZERO_LINE }),
    },
    {
      ...common,
      symbolSize: 6,
      itemStyle: { color, opacity: 0.5 },
      data: own.flatMap(({ row, y }) => row.difference.values.map((value) => [100 * value, y])),
    },
  ]
}

const ZERO_LINE = {
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: '#5c616b', type: 'solid' as const, width: 1.5 },
  data: [{ xAxis: 0 }],
}
