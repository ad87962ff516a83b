import { describe, expect, it } from 'vitest'
import { type ChartPicture, chartSvg } from '../../../web/charts/chart-svg.ts'

const ada = { label: 'ada <1>', colour: '#4f55d3', dash: [], steps: [1, 2, 3, 4], values: [1, 2, 3, 4] }
const view = { smoothing: 0, logarithmic: false, stepsPerUnit: 1 }
const picture: ChartPicture = {
  title: 'Loss & more',
  lines: [ada],
  view,
  zoom: null,
  formatY: String,
  scheme: 'light',
}

function draw(changes: Partial<ChartPicture> = {}) {
  const svg = chartSvg({ ...picture, ...changes })
  const partsOf = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, part = '']) => part)
  return { texts: partsOf(/<text[^>]*>([^<]*)</g), paths: partsOf(/<path d="([^"]*)"/g) }
}

/** Of a path. */
const pointsOf = (path: string | undefined) => (path ?? '').split(/[ML]/).length - 1

describe('a chart as a drawing', () => {
  it('says what it is, of what, and by what', () => {
    const { texts } = draw()
    expect(texts).toEqual(expect.arrayContaining(['Loss &#38; more', 'ada &#60;1&#62;', 'step', '1', '4']))
  })

  it('has a path for each line with all of its points, and only those of the part that is shown', () => {
    expect(draw().paths.map(pointsOf)).toEqual([4])
    expect(draw({ zoom: [2, 3.5] }).paths.map(pointsOf)).toEqual([2])
  })

  it('has the raw line behind the smooth one, and a band around its line', () => {
    expect(draw({ view: { ...view, smoothing: 0.5 } }).paths).toHaveLength(2)
    const [band, line] = draw({ lines: [{ ...ada, deviations: [1, 1, 1, 1] }] }).paths
    expect([pointsOf(band), pointsOf(line)]).toEqual([8, 4])
    expect(band).toMatch(/Z$/)
  })

  it('draws a time axis with whole minutes', () => {
    const { texts } = draw({ lines: [{ ...ada, xs: [10, 60, 120, 300] }], view: { ...view, unit: 'time' } })
    expect(texts).toEqual(expect.arrayContaining(['time', '1:00 min', '5:00 min']))
  })

  it('keeps room for the curves below a legend of a hundred lines', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ ...ada, label: `run ${i}` }))
    const svg = chartSvg({ ...picture, lines: many })
    const [height = 0] = [...svg.matchAll(/viewBox="0 0 960 (\d+)"/g)].map(([, found]) => Number(found))
    const ys = [...svg.matchAll(/ y="(-?[\d.]+)"/g)].map(([, found]) => Number(found))
    expect(Math.max(...ys)).toBeLessThan(height)
    const [first = '', last = ''] =
      draw({ lines: many })
        .paths[0]?.match(/[\d.]+(?=L|$)/g)
        ?.slice(0, 2) ?? []
    expect(Number(first)).toBeGreaterThan(Number(last) + 50)
    expect(svg).not.toContain('height="-')
  })

  it('is drawn where nothing was measured, too', () => {
    expect(draw({ lines: [{ ...ada, steps: [], values: [] }] }).texts).toContain('Loss &#38; more')
  })
})
