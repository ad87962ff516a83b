'use client'

import { useEffect, useState } from 'react'
import { type Latency, measureLatency } from '../networks/run-network.ts'
import type { Networks } from '../networks/use-networks.ts'
import type { Rgba } from '../picture/resize-and-crop.ts'
import {
  concatenatedSquares,
  type Found,
  findNearest,
  squaredDistances,
  toUnitFeatures,
} from './find-nearest.ts'
import { featuresOf, type GalleryStage, isReady } from './use-gallery-features.ts'

export const SHOWN = 12

export interface Search {
  found: Found[]
  /** Time from an image's pixels to its nearest neighbours; null until measured. */
  latency: Latency | null
}

export interface Nearest {
  /** In the order of the networks; null if a student cannot be run. */
  students: (Search | null)[]
  /** By all students' concatenated features; null if one of them is missing. */
  together: Search | null
}

/** Whether the times are in, too. */
export function isTimed({ students, together }: Nearest): boolean {
  return [...students, together].every((search) => search === null || search.latency !== null)
}

/**
 * The nearest gallery images to an image, then the time each search takes; null until gallery and image are
 * loaded.
 */
export function useNearest(
  networks: Networks,
  gallery: GalleryStage,
  picture: Rgba | null,
): { nearest: Nearest | null; problem: string | null } {
  const [nearest, setNearest] = useState<Nearest | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    setNearest(null)
    setProblem(null)
    if (networks.stage !== 'ready' || gallery.stage !== 'ready' || !picture) return
    const controller = new AbortController()
    const { signal } = controller
    searchAndMeasure(networks, gallery.features, picture, signal, setNearest).catch((error) => {
      if (!signal.aborted) setProblem(error instanceof Error ? error.message : String(error))
    })
    return () => controller.abort()
  }, [networks, gallery, picture])
  return { nearest, problem }
}

async function searchAndMeasure(
  { tf, networks }: Extract<Networks, { stage: 'ready' }>,
  gallery: Extract<GalleryStage, { stage: 'ready' }>['features'],
  picture: Rgba,
  signal: AbortSignal,
  report: (nearest: Nearest) => void,
): Promise<void> {
  const measure = networks.map((one, k) => {
    const own = gallery[k]
    if (!own || !isReady(one)) return null
    return async () => squaredDistances(toUnitFeatures(await featuresOf(tf, one, [picture]), 1), own)
  })
  const squaresOf = async () => {
    const all: (Float64Array | null)[] = []
    for (const one of measure) all.push(one && (await one()))
    return all
  }
  const squares = await squaresOf()
  signal.throwIfAborted()
  const isWhole = squares.length > 1 && squares.every((own) => own !== null)
  const students = squares.map((own) => own && { found: findNearest(own, SHOWN), latency: null })
  let nearest: Nearest = {
    students,
    together: isWhole ? { found: findNearest(concatenatedSquares(squares), SHOWN), latency: null } : null,
  }
  report(nearest)

  for (const [k, one] of measure.entries()) {
    const search = nearest.students[k]
    if (!one || !search) continue
    const latency = await measureLatency(async () => findNearest(await one(), SHOWN), signal)
    nearest = { ...nearest, students: nearest.students.with(k, { ...search, latency }) }
    report(nearest)
  }
  if (!nearest.together) return
  const searchAll = async () =>
    findNearest(concatenatedSquares((await squaresOf()).filter((own) => own !== null)), SHOWN)
  report({ ...nearest, together: { ...nearest.together, latency: await measureLatency(searchAll, signal) } })
}
