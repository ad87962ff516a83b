import { describe, expect, test } from 'vitest'
import { ARCHITECTURE_FAMILIES, familyOf, listedArchitectures } from '../../contract/architectures.ts'

describe.each(Object.entries(ARCHITECTURE_FAMILIES))('the family %s', (name, { members, examples }) => {
  test('offers members of its own only, and knows each as its own', () => {
    expect(examples.length).toBeGreaterThan(0)
    expect(members).toEqual(expect.arrayContaining([...examples]))
    expect(members.map(familyOf)).toEqual(members.map(() => name))
  })
})

test('no name is offered twice', () => {
  expect(new Set(listedArchitectures()).size).toBe(listedArchitectures().length)
})

test.each(['resnet-32', 'resnet-200', 'wrn-40-4', 'wrn-28-12', 'mobilenet', 'mobilenet-0.5', 'convnet-0.25'])(
  '%s is known',
  (name) => {
    expect(familyOf(name)).toBe(name.split('-')[0])
  },
)

test.each([
  'resnet',
  'resnet-33',
  'resnet-1202',
  'wrn-28',
  'wrn-27-10',
  'wrn-28-0',
  'mobilenet-2',
  'Convnet',
  '',
])('“%s” is not', (name) => {
  expect(familyOf(name)).toBeUndefined()
})
