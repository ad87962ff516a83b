import type { LabelList } from './read-lists.ts'

export interface SelectedLists {
  taken: LabelList[]
  /** Those that could have been read, too. */
  skipped: LabelList[]
}

/**
 * Which lists are read: those for splits, where there is one for training, else the usual names first; and none that
 * lists mostly what another one did.
 */
export function selectLists(lists: readonly LabelList[]): SelectedLists {
  const hasTraining = lists.some(({ role }) => role === 'train')
  const ranked = lists.toSorted((a, b) => rankOf(a, hasTraining) - rankOf(b, hasTraining))
  const listed = new Set<string>()
  const selected: SelectedLists = { taken: [], skipped: [] }
  for (const list of ranked) {
    const there = list.pictures.filter(({ isThere }) => isThere)
    const known = there.filter(({ path }) => listed.has(path)).length
    const isOther = hasTraining && (list.role === undefined || list.role === 'query')
    if (isOther || known > there.length / 2) selected.skipped.push(list)
    else {
      selected.taken.push(list)
      for (const { path } of there) listed.add(path)
    }
  }
  selected.taken.sort((a, b) => (a.path < b.path ? -1 : 1))
  return selected
}

function rankOf({ role, isUsual }: LabelList, hasTraining: boolean): number {
  return (hasTraining && role !== undefined ? 0 : 2) + (isUsual ? 0 : 1)
}
