'use client'

import { useCallback, useMemo, useState } from 'react'

export interface Place {
  split: string
  index: number
}

/** Images that were chosen in the grid, of whatever split and filter. */
export interface Selection {
  count: number
  has(place: Place): boolean
  toggle(place: Place): void
  clear(): void
  /** Split by split, as edits take them. */
  places(): { split: string; indices: number[] }[]
}

const keyOf = ({ split, index }: Place) => `${split}/${index}`

/** @param chosenAtFirst  those that a link chose */
export function useSelection(chosenAtFirst: readonly Place[] = []): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Place>>(
    () => new Map(chosenAtFirst.map((place) => [keyOf(place), place])),
  )
  const toggle = useCallback((place: Place) => {
    setChosen((before) => {
      const after = new Map(before)
      if (!after.delete(keyOf(place))) after.set(keyOf(place), place)
      return after
    })
  }, [])
  const clear = useCallback(() => setChosen(new Map()), [])
  return useMemo(
    () => ({
      count: chosen.size,
      has: (place) => chosen.has(keyOf(place)),
      toggle,
      clear,
      places: () => {
        const bySplit = new Map<string, number[]>()
        for (const { split, index } of chosen.values())
          bySplit.set(split, [...(bySplit.get(split) ?? []), index])
        return [...bySplit].map(([split, indices]) => ({ split, indices }))
      },
    }),
    [chosen, toggle, clear],
  )
}
