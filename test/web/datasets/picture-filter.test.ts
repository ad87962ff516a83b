import { expect, it } from 'vitest'
import {
  readPictureFilter,
  writePictureFilter,
} from '../../../web/features/datasets/pictures/filter-address.ts'

const VERSION = { splits: [{ name: 'train' }, { name: 'test' }], classes: ['cat', 'dog'] }
const read = (search: string, first?: string) =>
  readPictureFilter(new URLSearchParams(search), VERSION, first)

it.each([
  { split: 'test', classIndex: 1, duplicates: true },
  { split: 'train', classIndex: null, duplicates: false },
])('shows the images that %o in the address says, beside whatever else it says', (filter) => {
  const search = writePictureFilter(new URLSearchParams('version=2&class=0&duplicates=1'), filter)
  expect(search.get('version')).toBe('2')
  expect(read(search.toString())).toEqual(filter)
})

it.each([
  ['', 'train', null],
  ['split=nowhere&class=2', 'train', null],
  ['class=-1', 'train', null],
  ['class=1x', 'train', null],
])('of “%s” takes what the version has', (search, split, classIndex) => {
  expect(read(search)).toEqual({ split, classIndex, duplicates: false })
})

it('begins with the split of the images that a link chose, unless the address names another', () => {
  expect(read('chosen=test.3', 'test').split).toBe('test')
  expect(read('chosen=test.3&split=train', 'test').split).toBe('train')
})
