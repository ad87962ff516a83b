import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CHART_AXES,
  CHART_LINES,
  DEFAULT_CHART_SETTINGS,
  readChartSettings,
  toggleLine,
  writeChartSettings,
} from '../../../web/charts/chart-settings.ts'

const settings = fc.record({
  smoothing: fc.integer({ min: 0, max: 49 }).map((n) => n * 0.02),
  logarithmic: fc.boolean(),
  axis: fc.constantFrom(...CHART_AXES),
  lines: fc.constantFrom(...CHART_LINES),
  withoutOutliers: fc.boolean(),
  hidden: fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 })),
  zoom: fc.option(
    fc
      .tuple(fc.double({ noNaN: true, min: 0, max: 1e8 }), fc.double({ noNaN: true, min: 1e-5, max: 1 }))
      .map(([from, share]): [number, number] => [from, from + share * (from + 1)]),
  ),
  full: fc.option(fc.constantFrom('loss', 'testTop1')),
})

describe('how charts are drawn', () => {
  it('comes back from a link as it was, whatever a line is called', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const link = writeChartSettings(new URLSearchParams(), given).toString()
        expect(readChartSettings(new URLSearchParams(link))).toEqual(given)
      }),
    )
  })

  it('leaves the other parameters of the link alone, and needs none of its own where it is as usual', () => {
    const before = new URLSearchParams(
      'tab=charts&smoothing=0.2&hide=ada&hide=grace&zoom=1~2&full=loss&lines=mean',
    )
    expect(writeChartSettings(before, DEFAULT_CHART_SETTINGS).toString()).toBe('tab=charts')
  })

  it('is as usual where a link makes no sense', () => {
    expect(
      readChartSettings(
        new URLSearchParams('smoothing=7&scale=no&axis=mile&lines=all&outliers=no&zoom=9~2&full='),
      ),
    ).toEqual(DEFAULT_CHART_SETTINGS)
  })

  it.each(['', '1', '1~', '~2', '1~2~3', 'a~b', '2~2', '1~Infinity', '-5~5', '0~1e300', '1e8~100000001'])(
    'shows all of the axis where %j names no part of it',
    (zoom) => {
      expect(readChartSettings(new URLSearchParams({ zoom })).zoom).toBeNull()
    },
  )

  it('hides a line at the first press and shows it at the second', () => {
    const once = toggleLine(DEFAULT_CHART_SETTINGS, 'ada')
    expect(once.hidden).toEqual(['ada'])
    expect(toggleLine(once, 'ada').hidden).toEqual([])
  })
})
