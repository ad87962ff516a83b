import { expect, it } from 'vitest'
import { addressOfChosen, readChosen } from '../../../web/features/datasets/pictures/chosen-address.ts'

it('leads to the images that it was made of', () => {
  const address = addressOfChosen(
    '/ada',
    { datasetId: 'ds_1', number: 3 },
    { split: 'train', indices: [5, 17] },
  )
  const url = new URL(address, 'http://x')
  expect(url.pathname).toBe('/ada/datasets/ds_1')
  expect(url.searchParams.get('version')).toBe('3')
  expect(readChosen(url.searchParams.get('chosen'))).toEqual([
    { split: 'train', index: 5 },
    { split: 'train', index: 17 },
  ])
})

it.each([null, '', 'train', 'train.', 'train.x', '3.4', 'train.-1', 'train.1;2'])(
  'chooses nothing by “%s”',
  (text) => {
    expect(readChosen(text)).toEqual([])
  },
)
