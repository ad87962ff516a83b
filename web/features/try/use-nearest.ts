'use client'

import { useEffect, useState } from 'react'
import type { Rgba } from './bring-to-size.ts'
import {
  concatenatedSquares,
  type Found,
  findNearest,
  squaredDistances,
  toUnitFeatures,
} from './find-nearest.ts'
import { type GalleryStage, isReady, seePictures } from './use-gallery-features.ts'
import type { Networks } from './use-networks.ts'

export const SHOWN = 12

export interface Nearest {
  /** In the order of the networks; null where a student cannot be asked. */
  students: (Found[] | null)[]
  /** By all students' features side by side; null where one of them is missing. */
  together: Found[] | null
}

/** The gallery pictures nearest to a picture; null until gallery and picture are there. */
export function useNearest(
  networks: Networks,
  gallery: GalleryStage,
  picture: Rgba | null,
): { nearest: Nearest | null; trouble: string | null } {
  const [nearest, setNearest] = useState<Nearest | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  useEffect(() => {
    setNearest(null)
    setTrouble(null)
    if (networks.stage !== 'ready' || gallery.stage !== 'ready' || !picture) return
    let here = true
    search(networks, gallery.features, picture).then(
      (found) => here && setNearest(found),
      (error) => here && setTrouble(error instanceof Error ? error.message : String(error)),
    )
    return () => {
      here = false
    }
  }, [networks, gallery, picture])
  return { nearest, trouble }
}

async function search(
  { tf, networks }: Extract<Networks, { stage: 'ready' }>,
  gallery: Extract<GalleryStage, { stage: 'ready' }>['features'],
  picture: Rgba,
): Promise<Nearest> {
  const squares: (Float64Array | null)[] = []
  for (const [k, one] of networks.entries()) {
    const own = gallery[k]
    if (!own || !isReady(one)) squares.push(null)
    else squares.push(squaredDistances(toUnitFeatures(await seePictures(tf, one, [picture]), 1), own))
  }
  const all = squares.filter((own) => own !== null)
  const isWhole = all.length === squares.length && all.length > 1
  return {
    students: squares.map((own) => own && findNearest(own, SHOWN)),
    together: isWhole ? findNearest(concatenatedSquares(all), SHOWN) : null,
  }
}
