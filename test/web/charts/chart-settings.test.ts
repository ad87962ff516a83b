import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_CHART_SETTINGS,
  readChartSettings,
  toggleLine,
  writeChartSettings,
} from '../../../web/charts/chart-settings.ts'

const settings = fc.record({
  smoothing: fc.integer({ min: 0, max: 49 }).map((n) => n * 0.02),
  logarithmic: fc.boolean(),
  axis: fc.constantFrom('step' as const, 'epoch' as const),
  hidden: fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 })),
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
    const before = new URLSearchParams('tab=charts&smoothing=0.2&hide=ada&hide=grace')
    expect(writeChartSettings(before, DEFAULT_CHART_SETTINGS).toString()).toBe('tab=charts')
  })

  it('is as usual where a link makes no sense', () => {
    expect(readChartSettings(new URLSearchParams('smoothing=7&scale=no&axis=mile'))).toEqual(
      DEFAULT_CHART_SETTINGS,
    )
  })

  it('hides a line at the first press and shows it at the second', () => {
    const once = toggleLine(DEFAULT_CHART_SETTINGS, 'ada')
    expect(once.hidden).toEqual(['ada'])
    expect(toggleLine(once, 'ada').hidden).toEqual([])
  })
})
