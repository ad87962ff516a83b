import type uPlot from 'uplot'
import { type ChartUnit, type ChartView, type Column, columnsOf, type Line } from './chart-data.ts'
import { chartColours, type Scheme } from './line-style.ts'
import { logTicks } from './log-ticks.ts'
import { TIME_STEPS } from './x-axis.ts'
import { rangeWithoutOutliers } from './y-range.ts'

interface Appearance {
  scheme: Scheme
  view: ChartView
  unit: ChartUnit
  width: number
  height: number
  formatX: (x: number) => string
  formatY: (y: number) => string
  /** Charts with the same key have synchronized cursors. */
  syncKey: string
  onCursor: (column: number | null) => void
  /** The shown part of the x axis; null for all of it. */
  zoom: () => readonly [number, number] | null
  onZoom: (range: [number, number] | null) => void
}

/** From 0 to the latest point. */
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
/** A shorter pull is a click. */
const MIN_ZOOM_PX = 4

export function chartOptions(lines: readonly Line[], appearance: Appearance): uPlot.Options {
  const { view, unit, onZoom } = appearance
  const { text, grid, axis } = chartColours[appearance.scheme]
  const axisStyle = {
    stroke: text,
    font: FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: axis, width: 1, size: 4 },
    border: { show: false },
  }
  const columns = columnsOf(lines, view)
  return {
    width: appearance.width,
    height: appearance.height,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    cursor: {
      // A zoom is the page's, which hands it to every chart; among themselves they share the cursor alone.
      sync: {
        key: appearance.syncKey,
        scales: ['x', null],
        filters: { pub: (type) => !['mousedown', 'mouseup', 'dblclick'].includes(type) },
      },
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          onZoom(null)
          return null
        },
      },
    },
    scales: {
      x: { time: false, range: (plot, min, max) => zoomed(appearance.zoom()) ?? fromZero(plot, min, max) },
      y: { distr: view.logarithmic ? 3 : 1, ...(view.withoutOutliers && { range: outlierFree(appearance) }) },
    },
    axes: [
      {
        ...axisStyle,
        size: 26,
        space: unit === 'time' ? 80 : 64,
        ...(unit === 'time' && { incrs: TIME_STEPS }),
        values: (_, ticks) => ticks.map((tick) => appearance.formatX(tick)),
      },
      {
        ...axisStyle,
        size: 56,
        space: 36,
        ...(view.logarithmic && LOGARITHMIC_TICKS),
        values: (_, ticks) => ticks.map((tick) => (tick == null ? '' : appearance.formatY(tick))),
      },
    ],
    series: [{}, ...columns.map((column) => seriesOf(column, view.smoothing > 0))],
    bands: columns.flatMap(({ line, part }, i) =>
      part === 'upper' ? [{ series: [i + 1, i + 2] as [number, number], fill: `${line.colour}26` }] : [],
    ),
    hooks: {
      setCursor: [(plot) => appearance.onCursor(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < MIN_ZOOM_PX) return
          const at = (px: number) => Number(plot.posToVal(px, 'x').toPrecision(6))
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          if (at(left) < at(left + width)) onZoom([Math.max(0, at(left)), at(left + width)])
        },
      ],
    },
  }
}

function zoomed(zoom: readonly [number, number] | null): uPlot.Range.MinMax | null {
  return zoom && [zoom[0], zoom[1]]
}

/** The range of what is drawn within the shown part of the x axis. */
function outlierFree({ view: { logarithmic }, zoom }: Appearance): uPlot.Range.Function {
  return (plot, min, max) => {
    const [xs, ...columns] = plot.data
    // The plot's own x scale is still the one before a zoom that is being drawn.
    const [from, to] = zoom() ?? [0, Number.POSITIVE_INFINITY]
    const isShown = (i: number) => (xs[i] ?? 0) >= from && (xs[i] ?? 0) <= to
    const values = columns.flatMap((column) =>
      [...column].filter((value, i): value is number => value != null && isShown(i)),
    )
    return rangeWithoutOutliers(values, logarithmic) ?? [min, max]
  }
}

/** With smoothing, the raw lines are faded and the smoothed ones keep colour and dash. */
function seriesOf({ line, part }: Column, isSmoothed: boolean): uPlot.Series {
  const { label, colour, dash } = line
  if (part === 'upper' || part === 'lower')
    return { label: `${label}, ${part} edge`, width: 0, spanGaps: true, points: { show: false } }
  if (part === 'smooth')
    return { label, stroke: colour, width: 2, dash, spanGaps: true, points: { show: false } }
  return {
    label,
    stroke: isSmoothed ? `${colour}44` : colour,
    width: isSmoothed ? 1 : 1.75,
    dash: isSmoothed ? [] : dash,
    spanGaps: true,
    points: isSmoothed ? { show: false } : { size: 5 },
  }
}
