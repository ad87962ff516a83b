import { afterEach, expect, it } from 'vitest'
import { formatDate, formatInstant, formatLogTime } from '../../../web/design/format-time.ts'
import { setTimeZone } from '../../../web/design/time-zone.ts'
import { readFilter } from '../../../web/features/audit/audit-filter.ts'

afterEach(() => setTimeZone(null))

const evening = '2026-11-27T20:30:05Z'
const nothing = { actor: null, action: null, subject: null, outcome: null, from: null, to: null }

it('every time is told in the zone that a person has chosen', () => {
  setTimeZone('Asia/Tokyo')
  expect([formatInstant(evening), formatDate(evening), formatLogTime(evening)]).toEqual([
    '28 Nov 2026, 05:30',
    '28 Nov 2026',
    '28 Nov 05:30:05',
  ])
  setTimeZone('America/New_York')
  expect(formatInstant(evening)).toBe('27 Nov 2026, 15:30')
})

it('days that are filtered by begin and end in it', () => {
  setTimeZone('Asia/Tokyo')
  expect(readFilter({ ...nothing, from: '2026-11-27', to: '2026-11-27' })).toEqual({
    from: '2026-11-26T15:00:00.000Z',
    to: '2026-11-27T15:00:00.000Z',
  })
})

it('a zone that this browser does not know leaves its own', () => {
  setTimeZone('Europe/Atlantis')
  expect(formatDate('2026-11-27T12:00:00Z')).toBe('27 Nov 2026')
})

it('without a choice it is that of the browser', () => {
  const own = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  expect(formatInstant(evening)).toBe(own.format(new Date(evening)))
})
