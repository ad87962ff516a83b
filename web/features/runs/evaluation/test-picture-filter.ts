import type { TestPictureFilter } from '../../../graphql/generated/operations.ts'

interface FilterWords {
  /** In the URL. */
  name: string
  label: string
}

export const pictureFilters: Record<TestPictureFilter, FilterWords> = {
  ALL: { name: 'all', label: 'All, highest loss first' },
  ANY_WRONG: { name: 'wrong', label: 'Somebody is wrong' },
  RIGHT_AND_WRONG: { name: 'split', label: 'One is right, its peer wrong' },
  ALL_WRONG: { name: 'all-wrong', label: 'All are wrong' },
  ALL_WRONG_AND_SURE: { name: 'all-sure', label: 'All are wrong and confident (90 %)' },
}

export function filterNamed(name: string | null): TestPictureFilter {
  const all = Object.keys(pictureFilters) as TestPictureFilter[]
  return all.find((filter) => pictureFilters[filter].name === name) ?? 'ALL'
}

/** A cell of the confusion matrix in the URL, `3-5`; null where it is none of so many classes. */
export function readCell(text: string | null, classCount: number): [label: number, takenFor: number] | null {
  const [, label, takenFor] = /^(\d{1,6})-(\d{1,6})$/.exec(text ?? '') ?? []
  const cell: [number, number] = [Number(label), Number(takenFor)]
  return label !== undefined && cell.every((place) => place < classCount) ? cell : null
}

export function writeCell([label, takenFor]: readonly [number, number]): string {
  return `${label}-${takenFor}`
}
