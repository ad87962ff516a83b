import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { toCsv } from '../../../web/charts/save-csv.ts'

const lineOf = (label: string, steps: number[], values: number[]) => ({
  ...{ label, colour: '#4f55d3', dash: [], steps, values },
})

it('has a row for each point, as it was measured', () => {
  const text = toCsv([lineOf('ada', [1, 20], [0.1, 1 / 3]), lineOf('grace', [1], [2])])
  expect(text).toBe('step,line,value\n1,"ada",0.1\n20,"ada",0.3333333333333333\n1,"grace",2\n')
})

it('has a column more where lines have bands', () => {
  const mean = { ...lineOf('mean', [1, 2], [2, 3]), deviations: [0.5, null] }
  expect(toCsv([mean, lineOf('ada', [1], [1])])).toBe(
    'step,line,value,deviation\n1,"mean",2,0.5\n2,"mean",3,\n1,"ada",1,\n',
  )
})

it('has its head alone where nothing was measured', () => {
  expect(toCsv([lineOf('ada', [], [])])).toBe('step,line,value\n')
})

it('says what was no number, and keeps the numbers’ every digit', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, 1e-7, 1e21]
  const rows = parse(toCsv([lineOf('ada', [1, 2, 3, 4], values)]), { columns: true }) as { value: string }[]
  expect(rows.map(({ value }) => Number(value))).toEqual(values)
})

it.each([
  ['the "best", they say', 'the "best", they say'],
  ['two\nlines', 'two\nlines'],
  ['=1+1', "'=1+1"],
])('a student named %j is one field that no spreadsheet takes for a formula', (label, read) => {
  expect(parse(toCsv([lineOf(label, [1], [0.5])]), { columns: true })).toEqual([
    { step: '1', line: read, value: '0.5' },
  ])
})
