import { expect, it } from 'vitest'
import { isListStale, type RunList } from '../../../web/features/run-list/is-list-stale.ts'

const run = (number: number, status: RunList['runs'][number]['status']) => ({
  id: `run_${number}`,
  number,
  status,
})
const runs = [run(9, 'QUEUED'), run(8, 'RUNNING'), run(5, 'SUCCEEDED')]
const all: RunList = { runs, statuses: [], isWhole: true, isNewestFirst: true }
const newest: RunList = { ...all, isWhole: false }
const running: RunList = { ...all, runs: [run(8, 'RUNNING')], statuses: ['RUNNING'] }
const byScore: RunList = { ...newest, isNewestFirst: false }

it.each([
  ['a new run', all, run(10, 'QUEUED')],
  ['a new run, where older ones are left out', newest, run(10, 'QUEUED')],
  ['an older run that a whole list lacks', all, run(3, 'QUEUED')],
  ['the first run of all', { ...all, runs: [] }, run(1, 'QUEUED')],
  ['a run that has ended', all, run(8, 'SUCCEEDED')],
  ['a run that comes into the filter', running, run(9, 'RUNNING')],
  ['a run that leaves the filter', running, run(8, 'PAUSED')],
  ['an older run, where a list is ordered by score', byScore, run(3, 'SUCCEEDED')],
])('%s has the list read again', (_, list, told) => {
  expect(isListStale(list, told)).toBe(true)
})

it.each([
  ['further along', all, run(8, 'RUNNING')],
  ['in another state', all, run(9, 'STARTING')],
  ['as it was when it ended', all, run(5, 'SUCCEEDED')],
  ['of an older page', newest, run(3, 'RUNNING')],
  ['further along in a list that is ordered by score', byScore, run(8, 'RUNNING')],
  ['and not of the filter', running, run(9, 'QUEUED')],
])('a run %s changes its row at most', (_, list, told) => {
  expect(isListStale(list, told)).toBe(false)
})
