import uPlot from 'uplot'
import type { LineStyle } from './line-style.ts'
import { type Drawn, sharePositions } from './points/shared-positions.ts'
import { smooth } from './points/smooth.ts'

export interface Line extends LineStyle {
  label: string
  /** Ascending. */
  steps: readonly number[]
  values: readonly number[]
  /** Positions on the x axis, ascending, if other than the steps in the view's unit. */
  xs?: readonly number[]
  /** Half the width of the band around the line, one for each step; null counts as 0. */
  deviations?: readonly (number | null)[]
}

/** What an x axis counts. */
export type ChartUnit = 'step' | 'epoch' | 'time' | 'day'

export interface ChartView {
  /** From 0 (no smoothing) to less than 1. */
  smoothing: number
  logarithmic: boolean
  /** Steps per epoch if the x axis shows epochs; 1 if it shows steps. */
  stepsPerUnit: number
  /** What the x axis counts, if not told by `stepsPerUnit`; seconds for `time`. */
  unit?: ChartUnit
  /** Scales the y axis without values that lie far from all others. */
  withoutOutliers?: boolean
}

export function unitOf({ unit, stepsPerUnit }: ChartView): ChartUnit {
  return unit ?? (stepsPerUnit === 1 ? 'step' : 'epoch')
}

export type ColumnPart = 'upper' | 'lower' | 'raw' | 'smooth'

/** A drawn column: a line's own values, its smoothed ones, or an edge of its band. */
export interface Column {
  line: Line
  part: ColumnPart
}

/** What is drawn, in order: the edges of bands, the raw lines, then the smoothed lines if smoothing is on. */
export function columnsOf(lines: readonly Line[], { smoothing }: ChartView): Column[] {
  const all = (part: ColumnPart) => lines.map((line): Column => ({ line, part }))
  const edges = lines
    .filter(({ deviations }) => deviations)
    .flatMap((line): Column[] => [
      { line, part: 'upper' },
      { line, part: 'lower' },
    ])
  return [...edges, ...all('raw'), ...(smoothing > 0 ? all('smooth') : [])]
}

/** Columns for uPlot: x, then those of `columnsOf`; null where one has no point. @param zoom the shown part of the x axis */
export function chartData(
  lines: readonly Line[],
  view: ChartView,
  zoom: readonly [number, number] | null = null,
): uPlot.AlignedData {
  const drawn = columnsOf(lines, view)
  if (drawn.length === 0) return [[]]
  const columns = drawn.map(
    ({ line, part }): Drawn => [
      line.xs ?? line.steps.map((step) => step / view.stepsPerUnit),
      valuesOf(line, part, view.smoothing).map((value) => (isDrawable(value, view) ? value : null)),
    ],
  )
  const tables = sharePositions(columns, zoom).map(([xs, ys]): uPlot.AlignedData => [[...xs], [...ys]])
  // uPlot.join is not needed for a single table.
  return tables.length === 1 ? (tables[0] as uPlot.AlignedData) : uPlot.join(tables)
}

/** A single NaN or infinity would leave the axis without a range and the chart empty. */
function isDrawable(value: number, { logarithmic }: ChartView): boolean {
  return Number.isFinite(value) && (!logarithmic || value > 0)
}

/** A band lies around what the eye follows, which is the smoothed line where there is one. */
function valuesOf({ values, deviations }: Line, part: ColumnPart, smoothing: number): readonly number[] {
  if (part === 'raw') return values
  const middle = smoothing > 0 ? smooth(values, smoothing) : values
  if (part === 'smooth' || !deviations) return middle
  const known = deviations.map((deviation) => deviation ?? 0)
  const widths = smoothing > 0 ? smooth(known, smoothing) : known
  const sign = part === 'upper' ? 1 : -1
  return middle.map((value, i) => value + sign * (widths[i] ?? 0))
}

/** Each line's value at a column, or its latest value before it; null if there is none. */
export function valuesAt(data: uPlot.AlignedData, column: number, lineCount: number): (number | null)[] {
  if (lineCount === 0) return []
  return data.slice(-lineCount).map((values) => {
    for (let index = column; index >= 0; index--) {
      const value = values[index]
      if (value != null) return value
    }
    return null
  })
}
