import { expect, it } from 'vitest'
import { secondsAt, withReport } from '../../../web/charts/run-clock.ts'

const clock = { steps: [10, 20, 40], seconds: [5, 7, 17] }

it('tells the seconds of any step: evenly between two reports, and theirs before the first and after the last', () => {
  expect(secondsAt(clock, [1, 10, 15, 20, 30, 40, 99])).toEqual([5, 5, 6, 7, 12, 17, 17])
  expect(secondsAt({ steps: [], seconds: [] }, [1, 2])).toEqual([0, 0])
})

it('goes on with a report, and back to where a run is taken up again', () => {
  expect(withReport(clock, 50, 20)).toEqual({ steps: [10, 20, 40, 50], seconds: [5, 7, 17, 20] })
  expect(withReport(clock, 25, 30)).toEqual({ steps: [10, 20, 25], seconds: [5, 7, 30] })
})

it('keeps the time at which a step was reached where it is reported again, with its evaluation', () => {
  expect(withReport(clock, 40, 21)).toEqual(clock)
})
