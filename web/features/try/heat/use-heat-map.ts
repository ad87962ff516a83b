'use client'

import { useEffect, useState } from 'react'
import type { TensorFlow } from '../networks/load-tensorflow.ts'
import type { ReadyNetwork } from '../networks/use-networks.ts'
import type { PictureShape } from '../picture/resize-and-crop.ts'
import { countPatches, type HeatMap, occlude, type Score } from './occlude.ts'

export interface HeatRequest {
  tf: TensorFlow
  one: ReadyNetwork
  /** As the student sees it. */
  pixels: Uint8ClampedArray
  shape: PictureShape
  /** Side of the patch, pixels. */
  patch: number
  makeScore: (one: ReadyNetwork, pixels: Uint8ClampedArray) => Promise<Score>
}

export type HeatStage =
  | { stage: 'idle' }
  | { stage: 'working'; done: number; total: number }
  | { stage: 'ready'; map: HeatMap }
  | { stage: 'failed'; message: string }

const IDLE: HeatStage = { stage: 'idle' }

/** The map that was asked for last; null ends whatever is under way. */
export function useHeatMap(request: HeatRequest | null): HeatStage {
  const [stage, setStage] = useState<HeatStage>(IDLE)
  useEffect(() => {
    if (!request) return setStage(IDLE)
    const { tf, one, pixels, shape, patch, makeScore } = request
    const controller = new AbortController()
    const { signal } = controller
    const put = (stage: HeatStage) => {
      if (!signal.aborted) setStage(stage)
    }
    const onProgress = (done: number, total: number) => put({ stage: 'working', done, total })
    const compute = async () => {
      const score = await makeScore(one, pixels)
      signal.throwIfAborted()
      return occlude(tf, one, pixels, { patch, score, signal, onProgress })
    }
    onProgress(0, countPatches(shape, patch))
    compute().then(
      (map) => put({ stage: 'ready', map }),
      (error) => put({ stage: 'failed', message: error instanceof Error ? error.message : String(error) }),
    )
    return () => controller.abort()
  }, [request])
  return stage
}
