import type { PictureFilter } from './use-picture-pages.ts'

/** Which images are shown, as an address has it: `?split=test&class=3&duplicates=1`. */
export type AddressedFilter = Omit<PictureFilter, 'only'>

interface Version {
  splits: readonly { name: string }[]
  classes: readonly string[]
}

/** @param firstSplit where the address names none */
export function readPictureFilter(
  search: URLSearchParams,
  { splits, classes }: Version,
  firstSplit: string | undefined,
): AddressedFilter {
  const named = splits.find(({ name }) => name === search.get('split'))?.name
  const text = search.get('class') ?? ''
  const isClass = /^\d{1,6}$/.test(text) && Number(text) < classes.length
  return {
    split: named ?? firstSplit ?? splits[0]?.name ?? 'train',
    classIndex: isClass ? Number(text) : null,
    duplicates: search.get('duplicates') === '1',
  }
}

export function writePictureFilter(search: URLSearchParams, filter: AddressedFilter): URLSearchParams {
  const next = new URLSearchParams(search)
  next.set('split', filter.split)
  if (filter.classIndex === null) next.delete('class')
  else next.set('class', String(filter.classIndex))
  if (filter.duplicates) next.set('duplicates', '1')
  else next.delete('duplicates')
  return next
}
