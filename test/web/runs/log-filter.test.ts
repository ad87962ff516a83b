import { expect, it } from 'vitest'
import type { LogLine } from '../../../web/features/runs/live/log-tail.ts'
import { filterLines, type LogFilter } from '../../../web/features/runs/log/log-filter.ts'
import { atOf } from './page-run.ts'

const said = (['INFO', 'WARN', 'ERROR'] as const).flatMap((level) =>
  (['WORKER', 'TRAINING', 'TENSORFLOW'] as const).map((source) => ({ level, source })),
)
const lines = said.map(
  ({ level, source }, i): LogLine => ({
    ...{ seq: i + 1, at: atOf(i + 1), attempt: 1, level, source },
    text: `${level} of ${source}`,
  }),
)
const textsOf = (filter: Partial<LogFilter>) =>
  filterLines(lines, { level: 'INFO', source: null, find: '', ...filter }).map(({ text }) => text)

it('without a filter every line is shown, in order', () => {
  expect(textsOf({})).toEqual(lines.map(({ text }) => text))
})

it('a level shows the lines that matter as much or more', () => {
  expect(textsOf({ level: 'WARN' })).toEqual([
    'WARN of WORKER',
    'WARN of TRAINING',
    'WARN of TENSORFLOW',
    'ERROR of WORKER',
    'ERROR of TRAINING',
    'ERROR of TENSORFLOW',
  ])
  expect(textsOf({ level: 'ERROR' })).toHaveLength(3)
})

it('a source shows its lines alone', () => {
  expect(textsOf({ source: 'TENSORFLOW' })).toEqual([
    'INFO of TENSORFLOW',
    'WARN of TENSORFLOW',
    'ERROR of TENSORFLOW',
  ])
})

it('words are found in whatever case, and blanks around them do not count', () => {
  expect(textsOf({ find: ' error OF t ' })).toEqual(['ERROR of TRAINING', 'ERROR of TENSORFLOW'])
  expect(textsOf({ find: '.*' })).toEqual([])
})

it('level, source and words narrow each other', () => {
  expect(textsOf({ level: 'WARN', source: 'WORKER', find: 'warn' })).toEqual(['WARN of WORKER'])
})
