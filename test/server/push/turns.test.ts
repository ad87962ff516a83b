import { expect, it } from 'vitest'
import { openTurns } from '../../../server/push/turns.ts'

/** A work that ends when the test says so. */
function hold() {
  const work = { begun: 0, end: () => {}, start: () => Promise.resolve() }
  work.start = () => {
    work.begun++
    return new Promise<void>((resolve) => {
      work.end = resolve
    })
  }
  return work
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

it('row 69: whoever’s addresses hang delays nobody but themselves', async () => {
  const turns = openTurns(() => {})
  const slow = hold()
  const done: string[] = []
  const note = (what: string) => async () => void done.push(what)
  turns.add('mallory', slow.start)
  turns.add('mallory', note('mallory'))
  turns.add('ada', note('ada'))
  turns.add('ada', note('ada again'))
  await settle()
  expect(done).toEqual(['ada', 'ada again'])
  slow.end()
  await settle()
  expect(done).toEqual(['ada', 'ada again', 'mallory'])
})

it('of 33 people one waits, and comes before the second turn of another', async () => {
  const turns = openTurns(() => {})
  const firsts = Array.from({ length: 32 }, hold)
  for (const [i, { start }] of firsts.entries()) turns.add(`person ${i}`, start)
  const [second, last] = [hold(), hold()]
  turns.add('last', last.start)
  turns.add('person 0', second.start)
  await settle()
  expect([firsts.every(({ begun }) => begun === 1), second.begun, last.begun]).toEqual([true, 0, 0])
  firsts[0]?.end()
  await settle()
  expect([second.begun, last.begun]).toEqual([0, 1])
  last.end()
  await settle()
  expect(second.begun).toBe(1)
})

it('one that fails is told of, and the next follows', async () => {
  const errors: unknown[] = []
  const turns = openTurns((error) => errors.push(error))
  const next = hold()
  turns.add('ada', async () => {
    throw new Error('no')
  })
  turns.add('ada', next.start)
  await settle()
  expect([errors.length, next.begun]).toEqual([1, 1])
})

it('a hundred wait for one person and no more; where it ends, what waits is dropped', async () => {
  const turns = openTurns(() => {})
  const slow = hold()
  turns.add('ada', slow.start)
  let begun = 0
  const work = async () => void begun++
  const taken = Array.from({ length: 101 }, () => turns.add('ada', work))
  expect(taken.filter(Boolean)).toHaveLength(100)
  expect(taken.at(-1)).toBe(false)
  expect(turns.add('grace', hold().start)).toBe(true)
  const other = openTurns(() => {})
  const held = hold()
  other.add('ada', held.start)
  other.add('ada', work)
  const closed = other.close()
  held.end()
  await closed
  expect(begun).toBe(0)
})
