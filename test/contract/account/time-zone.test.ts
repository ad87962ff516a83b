import { describe, expect, it } from 'vitest'
import { isTimeZone, startOfDay } from '../../../contract/account/time-zone.ts'

it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true)
})

it.each(['', '+02:00', 'Europe/Atlantis', 'x'.repeat(100_000), '\u0000'])('other texts are none', (name) => {
  expect(isTimeZone(name)).toBe(false)
})

describe('a day begins', () => {
  it.each([
    ['in UTC at midnight', '2026-11-27', 'UTC', '2026-11-27T00:00:00.000Z'],
    ['east of it earlier', '2026-11-27', 'Asia/Kolkata', '2026-11-26T18:30:00.000Z'],
    ['west of it later', '2026-07-01', 'America/New_York', '2026-07-01T04:00:00.000Z'],
    ['before the clocks go forward that day', '2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    [
      'with the change where they go forward at midnight',
      '2026-09-06',
      'America/Santiago',
      '2026-09-06T04:00:00.000Z',
    ],
    ['at the first of two midnights', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
    ['after they went', '2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ])('%s', (_, day, zone, at) => {
    expect(startOfDay(day, zone).toISOString()).toBe(at)
  })

  it('and so many days later, over a month’s end', () => {
    expect(startOfDay('2026-03-28', 'Europe/Berlin', 2).toISOString()).toBe('2026-03-29T22:00:00.000Z')
    expect(startOfDay('2026-12-31', 'UTC', 1).toISOString()).toBe('2027-01-01T00:00:00.000Z')
  })

  it('nowhere where it is none', () => {
    expect(startOfDay('tomorrow', 'UTC').getTime()).toBeNaN()
  })
})
