import { expect, it } from 'vitest'
import {
  filterNamed,
  readCell,
  writeCell,
} from '../../../web/features/runs/evaluation/test-picture-filter.ts'

it('a cell of the matrix stands in the address, and none of a smaller matrix is taken', () => {
  expect(readCell(writeCell([3, 5]), 6)).toEqual([3, 5])
  for (const text of [null, '', '3', '3-5-7', '-3-5', '3-6', 'a-b', '3.5-1'])
    expect(readCell(text, 6)).toBeNull()
})

it('a filter that nobody knows shows all', () => {
  expect(filterNamed('split')).toBe('RIGHT_AND_WRONG')
  expect(filterNamed('best')).toBe('ALL')
})
