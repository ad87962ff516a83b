import { MantineProvider } from '@mantine/core'
import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { ChartTable } from '../../../web/charts/chart-table.tsx'

const lineOf = (label: string, steps: number[]) => ({
  ...{ label, colour: '#4f55d3', dash: [], steps, values: steps.map((step) => step / 10) },
})

function rowsOf(lines: ReturnType<typeof lineOf>[]) {
  const format = (value: number | null) => (value === null ? '–' : String(value))
  render(
    <MantineProvider env="test">
      <ChartTable lines={lines} title="Training loss" format={format} />
    </MantineProvider>,
  )
  const rows = [...document.querySelectorAll('table tr')]
  return rows.map((row) => [...row.children].map(({ textContent }) => textContent))
}

it('has a row for each step at which a line has a point, and a dash where another has none', () => {
  expect(rowsOf([lineOf('ada', [1, 3]), lineOf('grace', [2, 3])])).toEqual([
    ['Step', 'ada', 'grace'],
    ['1', '0.1', '–'],
    ['2', '–', '0.2'],
    ['3', '0.3', '0.3'],
  ])
})

it('has forty rows of a long line, evenly apart, from its first step to its last', () => {
  const steps = Array.from({ length: 1_001 }, (_, i) => i + 1)
  const shown = rowsOf([lineOf('ada', steps)])
    .slice(1)
    .map(([step]) => Number(step?.replace(',', '')))
  expect(shown).toHaveLength(40)
  expect([shown[0], shown.at(-1)]).toEqual([1, 1_001])
  const gaps = shown.slice(1).map((step, i) => step - (shown[i] ?? 0))
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1)
})
