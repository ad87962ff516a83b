import * as echarts from 'echarts'
import type { ComparedArm, Gain } from './compare-arms.ts'
import type { Experiment } from './read-experiment.ts'

/** Distinguishable without colour too: every arm has a shape of its own. */
const LOOKS = [
  { color: '#2f6fed', symbol: 'diamond' },
  { color: '#d9730d', symbol: 'triangle' },
  { color: '#1a9e6c', symbol: 'rect' },
  { color: '#a23bd6', symbol: 'circle' },
]
const FONT = 'system-ui, sans-serif'
const ROW_HEIGHT_PX = 44
/** Between the arms of a row, so that none covers another. */
const ARM_OFFSET_PX = 13

/**
 * What every arm gains over the first, seed by seed, as an SVG: points of a percent across, one row a measure; each seed
 * as a small mark, their mean as a large one.
 */
export function drawChart({ title, arms, conditions }: Experiment, compared: ComparedArm[]): string {
  const [baseline, ...others] = arms
  const rows = compared.filter(({ arm }) => arm === baseline).toReversed()
  const label = ({ condition, measure }: ComparedArm) =>
    conditions.length > 1 ? `${condition}: ${measure}` : measure
  const seeds = rows[0]?.values.length ?? 0
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: 940,
    height: 136 + rows.length * ROW_HEIGHT_PX,
  })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    title: {
      text: title,
      subtext: `Gain over “${baseline}” on the test images, paired over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}: each seed small, the mean large`,
      left: 16,
      top: 10,
      textStyle: { fontSize: 15, fontWeight: 600 },
      subtextStyle: { fontSize: 12, color: '#5c616b' },
    },
    legend: { data: others, top: 56, left: 12, itemWidth: 14, itemHeight: 12 },
    grid: { left: 330, right: 28, top: 88, bottom: 44 },
    xAxis: {
      type: 'value',
      name: 'points',
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { lineStyle: { color: '#ececf0' } },
    },
    yAxis: {
      type: 'category',
      data: rows.map(label),
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: '#f4f4f6' } },
    },
    series: others.flatMap((arm, i) => {
      const own = compared.filter((row): row is OtherArm => row.arm === arm && row.gain !== null)
      const offset = [0, (i - (others.length - 1) / 2) * ARM_OFFSET_PX]
      // biome-ignore lint/style/noNonNullAssertion: a remainder of the length is an index
      const { color, symbol } = LOOKS[i % LOOKS.length]!
      const common = { type: 'scatter' as const, symbol, symbolOffset: offset, silent: true }
      return [
        {
          ...common,
          name: arm,
          symbolSize: 14,
          itemStyle: { color },
          data: own.map((row) => [100 * row.gain.mean, label(row)]),
          ...(i === 0 && { markLine: ZERO_LINE }),
        },
        {
          ...common,
          symbolSize: 6,
          itemStyle: { color, opacity: 0.5 },
          data: own.flatMap((row) => gainsOver(rows, row).map((gain) => [100 * gain, label(row)])),
        },
      ]
    }),
  })
  const svg = chart.renderToSVGString()
  // It would keep the process alive.
  chart.dispose()
  return svg
}

/** Any arm but the first. */
type OtherArm = ComparedArm & { gain: Gain }

const ZERO_LINE = {
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: '#5c616b', type: 'solid' as const, width: 1.5 },
  data: [{ xAxis: 0 }],
}

/** Seed by seed. */
function gainsOver(baseline: ComparedArm[], { condition, measure, values }: ComparedArm): number[] {
  const other = baseline.find((row) => row.condition === condition && row.measure === measure)
  return values.flatMap((value, seed) => {
    const before = other?.values[seed]
    return before === undefined ? [] : [value - before]
  })
}
