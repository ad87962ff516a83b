import type uPlot from 'uplot'
import type { Line } from './chart-data.ts'
import { chartColours, type Scheme } from './line-style.ts'
import { logTicks } from './log-ticks.ts'

interface Appearance {
  scheme: Scheme
  smoothing: boolean
  logarithmic: boolean
  width: number
  height: number
  formatX: (x: number) => string
  formatY: (y: number) => string
  /** Charts with the same key have synchronized cursors. */
  syncKey: string
  onCursor: (column: number | null) => void
}

/** From 0 to the latest point, unless the user has zoomed in. */
function fromZero(plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1]
  return [min === plot.data[0][0] ? 0 : min, max]
}

/** uPlot only labels decades and their 2 and 5, and a zoomed range may contain none of these. */
const LOGARITHMIC_TICKS: Partial<uPlot.Axis> = {
  splits: (_, _axis, min, max) => logTicks(min, max),
  filter: (_, splits) => splits,
}

const FONT = '12px "Geist Variable", system-ui, sans-serif'

export function chartOptions(lines: readonly Line[], appearance: Appearance): uPlot.Options {
  const { text, grid, axis } = chartColours[appearance.scheme]
  const axisStyle = {
    stroke: text,
    font: FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: axis, width: 1, size: 4 },
    border: { show: false },
  }
  return {
    width: appearance.width,
    height: appearance.height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: appearance.syncKey, scales: ['x', null] },
      points: { size: 7 },
      drag: { x: true, y: false },
    },
    scales: {
      x: { time: false, range: fromZero },
      y: { distr: appearance.logarithmic ? 3 : 1 },
    },
    axes: [
      {
        ...axisStyle,
        size: 26,
        space: 64,
        values: (_, ticks) => ticks.map((tick) => appearance.formatX(tick)),
      },
      {
        ...axisStyle,
        size: 56,
        space: 36,
        ...(appearance.logarithmic && LOGARITHMIC_TICKS),
        values: (_, ticks) => ticks.map((tick) => (tick == null ? '' : appearance.formatY(tick))),
      },
    ],
    series: [{}, ...drawnSeries(lines, appearance.smoothing)],
    hooks: {
      setCursor: [(plot) => appearance.onCursor(plot.cursor.idx ?? null)],
    },
  }
}

/** With smoothing, the raw lines are faded and the smoothed ones keep colour and dash. */
function drawnSeries(lines: readonly Line[], smoothing: boolean): uPlot.Series[] {
  const series = lines.map(
    (line): uPlot.Series => ({
      label: line.label,
      stroke: smoothing ? `${line.colour}44` : line.colour,
      width: smoothing ? 1 : 1.75,
      dash: smoothing ? [] : line.dash,
      spanGaps: true,
      points: smoothing ? { show: false } : { size: 5 },
    }),
  )
  if (!smoothing) return series
  const smooth = lines.map(
    (line): uPlot.Series => ({
      label: line.label,
      stroke: line.colour,
      width: 2,
      dash: line.dash,
      spanGaps: true,
      points: { show: false },
    }),
  )
  return [...series, ...smooth]
}
