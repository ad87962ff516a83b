import { act, renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import { keepMeasured, useMeasuredTimes } from '../../../web/features/trade-offs/measured/measured-times.ts'

const KEY = 'studyhall.measured-times'
const timeOf = (sha256: string, medianMs: number) => ({
  ...{ sha256, medianMs, modelId: `mdl_${sha256}`, backend: 'wasm' as const, runs: 10 },
  at: '2026-11-28T00:00:00Z',
})

function storeInAnotherTab(...times: object[]) {
  localStorage.setItem(KEY, JSON.stringify(times))
  window.dispatchEvent(new StorageEvent('storage', { key: KEY }))
}

function read() {
  const { result, unmount } = renderHook(useMeasuredTimes)
  const read = result.current.map(({ sha256 }) => sha256)
  unmount()
  return read
}

it('reads the times beside one that is not as expected', () => {
  storeInAnotherTab(timeOf('a', 3), timeOf('b', 0), { of: 'something else' }, timeOf('c', 2))
  expect(read()).toEqual(['a', 'c'])
})

it('keeps what another tab measured while no chart was shown here', () => {
  read()
  storeInAnotherTab(timeOf('d', 1))
  act(() => keepMeasured(timeOf('e', 4)))
  expect(read()).toEqual(['d', 'e'])
  expect(JSON.parse(localStorage.getItem(KEY) ?? '')).toHaveLength(2)
})

it('keeps a time of each model, also of two with the same file, and the last of each', () => {
  storeInAnotherTab(timeOf('f', 3))
  const { result } = renderHook(useMeasuredTimes)
  act(() => keepMeasured({ ...timeOf('f', 5), modelId: 'mdl_of_the_repetition' }))
  act(() => keepMeasured(timeOf('f', 4)))
  expect(result.current.map(({ modelId, medianMs }) => [modelId, medianMs])).toEqual([
    ['mdl_of_the_repetition', 5],
    ['mdl_f', 4],
  ])
})
