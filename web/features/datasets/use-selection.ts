'use client'

import { useCallback, useMemo, useState } from 'react'

interface Place {
  split: string
  index: number
}

/** Pictures that were chosen in the grid, of whatever split and filter. */
export interface Selection {
  count: number
  has(place: Place): boolean
  toggle(place: Place): void
  clear(): void
  /** Split by split, as edits take them. */
  places(): { split: string; indices: number[] }[]
}

const keyOf = ({ split, index }: Place) => `${split}/${index}`

export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Place>>(new Map())
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
      places: () =>
        ['train', 'test']
          .map((split) => ({
            split,
            indices: [...chosen.values()].filter((place) => place.split === split).map(({ index }) => index),
          }))
          .filter(({ indices }) => indices.length > 0),
    }),
    [chosen, toggle, clear],
  )
}
