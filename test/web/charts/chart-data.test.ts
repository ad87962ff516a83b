import { describe, expect, it } from 'vitest'
import { type ChartView, chartData, type Line, valuesAt } from '../../../web/charts/chart-data.ts'

const plain: ChartView = { smoothing: 0, logarithmic: false, stepsPerUnit: 1 }
const lineOf = (label: string, points: Record<number, number>): Line => ({
  ...{ label, colour: '#4f55d3', dash: [] },
  steps: Object.keys(points).map(Number),
  values: Object.values(points),
})
/** The columns by x, so that what is nowhere reads as null. */
const columnsOf = (lines: Line[], view: ChartView = plain) => {
  const [xs, ...ys] = chartData(lines, view)
  return Object.fromEntries([...(xs ?? [])].map((x, i) => [x, ys.map((values) => values[i] ?? null)]))
}

describe('the columns of a chart', () => {
  it('are none without a line, and one without a point', () => {
    expect(chartData([], plain)).toEqual([[]])
    expect(chartData([lineOf('ada', {})], plain)).toEqual([[], []])
  })

  it('are the points of its one line', () => {
    expect(chartData([lineOf('ada', { 1: 2, 5: 1 })], plain)).toEqual([
      [1, 5],
      [2, 1],
    ])
  })

  it('join lines of different steps in order, with a gap where one has no point', () => {
    const lines = [lineOf('ada', { 1: 0.1, 3: 0.3, 9: 0.9 }), lineOf('grace', { 2: 0.2, 3: 0.4 })]
    expect(columnsOf(lines)).toEqual({ 1: [0.1, null], 2: [null, 0.2], 3: [0.3, 0.4], 9: [0.9, null] })
  })

  it('leave room for a line that has nothing yet', () => {
    expect(columnsOf([lineOf('ada', { 1: 0.1 }), lineOf('grace', {})])).toEqual({ 1: [0.1, null] })
  })

  it('count epochs where the axis does', () => {
    expect(columnsOf([lineOf('ada', { 5: 1, 10: 2 })], { ...plain, stepsPerUnit: 10 })).toEqual({
      0.5: [1],
      1: [2],
    })
  })

  it('have the smooth lines behind the raw ones', () => {
    const lines = [lineOf('ada', { 1: 1, 2: 3 }), lineOf('grace', { 1: 5, 2: 5 })]
    const columns = columnsOf(lines, { ...plain, smoothing: 0.5 })
    expect(columns[1]).toEqual([1, 5, 1, 5])
    expect(columns[2]?.slice(0, 2)).toEqual([3, 5])
    expect(columns[2]?.[2]).toBeCloseTo(7 / 3)
    expect(columns[2]?.[3]).toBeCloseTo(5)
  })

  it('have the edges of a band before everything, around the smooth line where there is one', () => {
    const band = { ...lineOf('mean', { 1: 1, 2: 3 }), deviations: [0.5, null] }
    expect(columnsOf([band, lineOf('ada', { 1: 9 })])).toEqual({ 1: [1.5, 0.5, 1, 9], 2: [3, 3, 3, null] })
    const [upper, lower, , smoothed] = columnsOf([band], { ...plain, smoothing: 0.5 })[1] ?? []
    expect([upper, lower]).toEqual([Number(smoothed) + 0.5, Number(smoothed) - 0.5])
  })

  it('stand where a line says, if it says so', () => {
    expect(columnsOf([{ ...lineOf('ada', { 1: 7, 2: 8 }), xs: [0.4, 0.9] }])).toEqual({ 0.4: [7], 0.9: [8] })
  })

  it('have a gap where a value is none that can be drawn', () => {
    const broken = { 1: 1, 2: Number.NaN, 3: Number.POSITIVE_INFINITY, 4: Number.NEGATIVE_INFINITY, 5: 0 }
    expect(columnsOf([lineOf('ada', broken)])).toEqual({ 1: [1], 2: [null], 3: [null], 4: [null], 5: [0] })
  })

  it('have none of what a logarithmic axis cannot show', () => {
    const values = { 1: 10, 2: 0, 3: -1, 4: Number.NaN, 5: 1e-9 }
    const view = { ...plain, logarithmic: true }
    expect(columnsOf([lineOf('ada', values)], view)).toEqual({
      1: [10],
      2: [null],
      3: [null],
      4: [null],
      5: [1e-9],
    })
  })
})

describe('the values under the cursor', () => {
  const data = chartData([lineOf('ada', { 1: 0.1, 3: 0.3 }), lineOf('grace', { 2: 0, 4: 0.4 })], plain)

  it.each([
    [0, [0.1, null]],
    [1, [0.1, 0]],
    [2, [0.3, 0]],
    [3, [0.3, 0.4]],
  ])('at column %i are each line’s newest so far, or none', (column, values) => {
    expect(valuesAt(data, column, 2)).toEqual(values)
  })

  it('are those of the smooth lines where there are some', () => {
    const smoothed = chartData([lineOf('ada', { 1: 1, 2: 3 })], { ...plain, smoothing: 0.5 })
    expect(valuesAt(smoothed, 1, 1)[0]).toBeCloseTo(7 / 3)
  })
})
