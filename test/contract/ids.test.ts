import { expect, test } from 'vitest'
import { ID_PREFIXES, type IdType, newId, typeOfId } from '../../contract/ids.ts'

test.each(Object.keys(ID_PREFIXES) as IdType[])('an id of a %s says so', (type) => {
  expect(typeOfId(newId(type))).toBe(type)
})

test('ids are all different and sort by the time of their making', async () => {
  const first = newId('Run')
  await new Promise((resolve) => setTimeout(resolve, 2))
  const later = Array.from({ length: 1000 }, () => newId('Run'))
  expect(new Set(later).size).toBe(1000)
  expect(later.every((id) => id > first)).toBe(true)
})

test.each(['', 'run_', '../run_0', 'run_0000000000000000000000000x', 'xyz_0123456789012345678901234'])(
  '“%s” is no id',
  (text) => {
    expect(typeOfId(text)).toBeUndefined()
  },
)
