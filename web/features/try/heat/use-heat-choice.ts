'use client'

import { useMemo, useState } from 'react'
import { shapeOf } from '../networks/run-network.ts'
import type { Subject } from '../networks/use-model-files.ts'
import type { Networks } from '../networks/use-networks.ts'
import { type Rgba, resizeAndCrop } from '../picture/resize-and-crop.ts'
import type { HeatTarget } from './targets.ts'
import type { HeatRequest } from './use-heat-map.ts'

/** Into how many patches the shorter side of the image is divided, by the size of a patch. */
export const PATCHES = { Small: 8, Medium: 4, Large: 2 } as const
export type PatchSize = keyof typeof PATCHES

export interface HeatQuestion {
  subjects: Subject[]
  networks: Networks
  picture: Rgba | null
  /** What a student's map can be of, the most obvious first; none until it has answered. */
  targetsOf: (index: number) => HeatTarget[]
  /** False while times are measured, which the map would spoil. */
  isFree: boolean
}

/** Whose map is shown, of what, by which patch; until something is chosen, the first student and its answer. */
export function useHeatChoice({ subjects, networks, picture, targetsOf, isFree }: HeatQuestion) {
  const [isWanted, setWanted] = useState(false)
  const [chosenStudent, setStudent] = useState<string | null>(null)
  const [chosenTarget, setTarget] = useState<string | null>(null)
  const [size, setSize] = useState<PatchSize>('Medium')
  const ready = networks.stage === 'ready' ? networks : null
  const able = subjects.flatMap(({ id, name }, index) => {
    const one = ready?.networks[index]
    return one && typeof one === 'object' ? [{ id, name, index, one }] : []
  })
  const student = able.find(({ id }) => id === chosenStudent) ?? able[0]
  const [tf, one, index] = [ready?.tf, student?.one, student?.index]
  const targets = useMemo(() => (index === undefined ? [] : targetsOf(index)), [index, targetsOf])
  const target = targets.find(({ value }) => value === chosenTarget) ?? targets[0]
  const makeScore = target?.makeScore
  const request = useMemo((): HeatRequest | null => {
    if (!isWanted || !isFree || !tf || !one || !picture || !makeScore) return null
    const shape = shapeOf(one.file)
    const patch = Math.max(1, Math.round(Math.min(shape.height, shape.width) / PATCHES[size]))
    return { tf, one, shape, pixels: resizeAndCrop(picture, shape), patch, makeScore }
  }, [isWanted, isFree, tf, one, picture, makeScore, size])
  return {
    ...{ request, isWanted, setWanted },
    ...{ able, student, setStudent },
    ...{ targets, target, setTarget },
    ...{ size, setSize },
  }
}

export type HeatChoice = ReturnType<typeof useHeatChoice>
