import uPlot from 'uplot'
import type { LineStyle } from './line-style.ts'
import { smooth } from './smooth.ts'

export interface Line extends LineStyle {
  label: string
  /** Ascending. */
  steps: readonly number[]
  values: readonly number[]
}

export interface ChartView {
  /** From 0 (no smoothing) to less than 1. */
  smoothing: number
  logarithmic: boolean
  /** Steps per epoch if the x axis shows epochs; 1 if it shows steps. */
  stepsPerUnit: number
  /** What the x axis counts, if not told by `stepsPerUnit`. */
  unit?: 'step' | 'epoch' | 'day'
}

/**
 * Columns for uPlot: x, the raw lines, then the smoothed lines if smoothing is on; null where a line has no
 * point.
 */
export function chartData(lines: readonly Line[], view: ChartView): uPlot.AlignedData {
  const drawn =
    view.smoothing > 0 ? [...lines, ...lines.map((line) => smoothed(line, view.smoothing))] : lines
  if (drawn.length === 0) return [[]]
  const tables = drawn.map(
    ({ steps, values }): uPlot.AlignedData => [
      steps.map((step) => step / view.stepsPerUnit),
      values.map((value) => (isDrawable(value, view) ? value : null)),
    ],
  )
  // uPlot.join is not needed for a single table.
  return tables.length === 1 ? (tables[0] as uPlot.AlignedData) : uPlot.join(tables)
}

/** A single NaN or infinity would leave the axis without a range and the chart empty. */
function isDrawable(value: number, { logarithmic }: ChartView): boolean {
  return Number.isFinite(value) && (!logarithmic || value > 0)
}

function smoothed(line: Line, amount: number): Line {
  return { ...line, values: smooth(line.values, amount) }
}

/** Each line's value at a column, or its latest value before it; null if there is none. */
export function valuesAt(data: uPlot.AlignedData, column: number, lineCount: number): (number | null)[] {
  return data.slice(-lineCount).map((values) => {
    for (let index = column; index >= 0; index--) {
      const value = values[index]
      if (value != null) return value
    }
    return null
  })
}
