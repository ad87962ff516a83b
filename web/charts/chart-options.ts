import type uPlot from 'uplot'
import type { Line } from './chart-data.ts'
import { chartColours, type Scheme } from './line-style.ts'
import { logTicks } from './log-ticks.ts'

interface Look {
  scheme: Scheme
  smoothing: boolean
  logarithmic: boolean
  width: number
  height: number
  formatX: (x: number) => string
  formatY: (y: number) => string
  /** Charts of one key move their cursors together. */
  syncKey: string
  onCursor: (column: number | null) => void
}

/** From 0 to the newest point; a stretch that a person has zoomed into stays as it is. */
function fromZero(plot: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null) return [0, 1]
  return [least === plot.data[0][0] ? 0 : least, most]
}

/** uPlot labels whole decades and their 2 and 5, of which a stretch that is zoomed into may hold none. */
const LOGARITHMIC_TICKS: Partial<uPlot.Axis> = {
  splits: (_, _axis, least, most) => logTicks(least, most),
  filter: (_, splits) => splits,
}

const FONT = '12px "Geist Variable", system-ui, sans-serif'

export function chartOptions(lines: readonly Line[], look: Look): uPlot.Options {
  const { text, grid, axis } = chartColours[look.scheme]
  const axisLook = {
    stroke: text,
    font: FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: axis, width: 1, size: 4 },
    border: { show: false },
  }
  return {
    width: look.width,
    height: look.height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: look.syncKey, scales: ['x', null] },
      points: { size: 7 },
      drag: { x: true, y: false },
    },
    scales: {
      x: { time: false, range: fromZero },
      y: { distr: look.logarithmic ? 3 : 1 },
    },
    axes: [
      { ...axisLook, size: 26, space: 64, values: (_, ticks) => ticks.map((tick) => look.formatX(tick)) },
      {
        ...axisLook,
        size: 56,
        space: 36,
        ...(look.logarithmic && LOGARITHMIC_TICKS),
        values: (_, ticks) => ticks.map((tick) => (tick == null ? '' : look.formatY(tick))),
      },
    ],
    series: [{}, ...drawnSeries(lines, look.smoothing)],
    hooks: {
      setCursor: [(plot) => look.onCursor(plot.cursor.idx ?? null)],
    },
  }
}

/** Raw lines fade behind the smooth ones; those keep colour and dash. */
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
