import * as echarts from 'echarts'
import type { ComparedArm } from './compare-arms.ts'
import type { Experiment } from './read-experiment.ts'

/** Distinguishable without colour too: every arm has a shape of its own. */
const LOOKS = [
  { color: '#8a8f98', symbol: 'circle' },
  { color: '#2f6fed', symbol: 'diamond' },
  { color: '#d9730d', symbol: 'triangle' },
  { color: '#1a9e6c', symbol: 'rect' },
  { color: '#a23bd6', symbol: 'pin' },
]
const FONT = 'system-ui, sans-serif'
const ROW_HEIGHT_PX = 34

/** Every seed as a small mark, each arm's mean as a large one, as an SVG; % across, one row a measure. */
export function drawChart({ title, arms, conditions }: Experiment, compared: ComparedArm[]): string {
  const rows = compared
    .filter(({ arm }) => arm === arms[0])
    .map(({ condition, measure }) => ({ condition, measure }))
    .toReversed()
  const label = (condition: string, measure: string) =>
    conditions.length > 1 ? `${condition}: ${measure}` : measure
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: 940,
    height: 120 + rows.length * ROW_HEIGHT_PX,
  })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    title: { text: title, left: 16, top: 12, textStyle: { fontSize: 15, fontWeight: 600 } },
    legend: { data: arms, top: 40, left: 12 },
    grid: { left: 350, right: 28, top: 76, bottom: 44 },
    xAxis: {
      type: 'value',
      scale: true,
      name: '%',
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { lineStyle: { color: '#ececf0' } },
    },
    yAxis: {
      type: 'category',
      data: rows.map(({ condition, measure }) => label(condition, measure)),
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: '#f4f4f6' } },
    },
    series: arms.flatMap((arm, i) => {
      const own = compared.filter((row) => row.arm === arm)
      const look = LOOKS[i % LOOKS.length]!
      const at = (row: ComparedArm, value: number) => [100 * value, label(row.condition, row.measure)]
      return [
        {
          name: arm,
          type: 'scatter',
          symbol: look.symbol,
          symbolSize: 15,
          itemStyle: { color: look.color },
          data: own.map((row) => at(row, row.spread.mean)),
        },
        {
          type: 'scatter',
          symbol: look.symbol,
          symbolSize: 6,
          silent: true,
          itemStyle: { color: look.color, opacity: 0.5 },
          data: own.flatMap((row) => row.values.map((value) => at(row, value))),
        },
      ]
    }),
  })
  const svg = chart.renderToSVGString()
  // It would keep the process alive.
  chart.dispose()
  return svg
}
