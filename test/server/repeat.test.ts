import { expect, it, vi } from 'vitest'
import { currentRequestId, forRequest } from '../../logging/request-context.ts'
import { repeat, repeatQuietly } from '../../server/repeat.ts'

const NEVER_MS = 2 ** 30

/** Work that goes on until it is told to end. */
function slowWork() {
  const ends: (() => void)[] = []
  const work = vi.fn(() => new Promise<void>((resolve) => void ends.push(resolve)))
  return { work, end: () => ends.shift()?.() }
}

it('work that is woken while it is under way is done once more, and never twice at once', async () => {
  const { work, end } = slowWork()
  const repeated = repeat(NEVER_MS, work, () => {})
  for (let n = 0; n < 3; n++) repeated.wake()
  expect(work).toHaveBeenCalledTimes(1)
  end()
  await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(2))
  end()
  await repeated.close()
  expect(work).toHaveBeenCalledTimes(2)
})

it('its end waits for what is under way, which is told, and nothing is done after', async () => {
  const { work, end } = slowWork()
  let isClosed = () => false
  const repeated = repeat(
    NEVER_MS,
    (closed) => {
      isClosed = closed
      return work()
    },
    () => {},
  )
  const closing = repeated.close()
  expect(isClosed()).toBe(true)
  expect(await Promise.race([closing, 'waiting'])).toBe('waiting')
  end()
  await closing
  repeated.wake()
  expect(work).toHaveBeenCalledTimes(1)
})

it('what fails is told, and done again at its time', async () => {
  const work = vi.fn(() => Promise.reject(new Error('away')))
  const onError = vi.fn()
  const end = repeatQuietly(5, work, onError)
  await vi.waitFor(() => expect(onError.mock.calls.length).toBeGreaterThan(2))
  end()
  expect(onError).toHaveBeenCalledWith(new Error('away'))
})

it('work that a request wakes is not done for that request, nor is its failure told of it', async () => {
  const seen: unknown[] = []
  const note = () => void seen.push(currentRequestId())
  const work = async () => {
    note()
    throw new Error('away')
  }
  const repeated = repeat(NEVER_MS, work, note)
  await vi.waitFor(() => expect(seen).toHaveLength(2))
  await new Promise(setImmediate)
  forRequest('req_1', () => repeated.wake())
  await vi.waitFor(() => expect(seen).toHaveLength(4))
  await repeated.close()
  expect(seen).toEqual(Array(4).fill(undefined))
})
