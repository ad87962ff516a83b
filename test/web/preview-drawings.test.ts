import { expect, it } from 'vitest'
import { Drawings } from '../../web/features/shared/preview/drawings.ts'

function counted() {
  const drawn: (string | null)[] = []
  let [now, most] = [0, 0]
  const drawings = new Drawings<string>(async (subject) => {
    drawn.push(subject)
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now--
    return new TextEncoder().encode(String(subject)).buffer
  })
  return { drawings, drawn, most: () => most }
}

it('row 67: draws one picture for all that lead nowhere, and one for each link, however often it is asked', async () => {
  const { drawings, drawn } = counted()
  await Promise.all(Array.from({ length: 100 }, (_, n) => drawings.of(`guess ${n}`, null)))
  await Promise.all(Array.from({ length: 100 }, () => drawings.of('a', 'A')))
  expect(drawn).toEqual([null, 'A'])
})

it('row 67: draws one at a time, and for those who would wait behind eight the neutral one', async () => {
  const { drawings, drawn, most } = counted()
  await Promise.all(Array.from({ length: 20 }, (_, n) => drawings.of(`link ${n}`, `of ${n}`)))
  expect([drawn.length, most()]).toEqual([9, 1])
  const text = new TextDecoder().decode(await drawings.of('link 19', 'of 19'))
  expect(text).toBe('of 19')
})
