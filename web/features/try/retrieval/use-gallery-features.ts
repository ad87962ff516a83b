'use client'

import { useCallback, useEffect, useState } from 'react'
import type { TensorFlow } from '../networks/load-tensorflow.ts'
import { computeFeatures, shapeOf } from '../networks/run-network.ts'
import type { Networks, ReadyNetwork } from '../networks/use-networks.ts'
import type { TriedRun } from '../networks/use-students.ts'
import { decodePicture } from '../picture/decode-picture.ts'
import { type Rgba, resizeAndCrop } from '../picture/resize-and-crop.ts'
import { toUnitFeatures, type UnitFeatures } from './find-nearest.ts'

const BATCH = 20

export type Gallery = TriedRun['datasetVersion']['gallery']

export type GalleryStage =
  | { stage: 'working'; done: number }
  /** One per student, in the order of the networks; null if the student has no network. */
  | { stage: 'ready'; features: (UnitFeatures | null)[] }
  | { stage: 'failed'; message: string }

/** Every student's features of the gallery images, kept while the page is open. */
export function useGalleryFeatures(networks: Networks, gallery: Gallery) {
  const [stage, setStage] = useState<GalleryStage>({ stage: 'working', done: 0 })
  const [tries, setTries] = useState(0)
  const again = useCallback(() => setTries((before) => before + 1), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry increments `tries` to restart the effect
  useEffect(() => {
    setStage({ stage: 'working', done: 0 })
    if (networks.stage !== 'ready') return
    const controller = new AbortController()
    const put = (stage: GalleryStage) => {
      if (!controller.signal.aborted) setStage(stage)
    }
    computeGalleryFeatures(networks, gallery, controller.signal, (done) =>
      put({ stage: 'working', done }),
    ).then(
      (features) => put({ stage: 'ready', features }),
      (error) => put({ stage: 'failed', message: error instanceof Error ? error.message : String(error) }),
    )
    return () => controller.abort()
  }, [networks, gallery, tries])

  return { stage, again }
}

async function computeGalleryFeatures(
  { tf, networks }: Extract<Networks, { stage: 'ready' }>,
  gallery: Gallery,
  signal: AbortSignal,
  report: (done: number) => void,
): Promise<(UnitFeatures | null)[]> {
  const features = networks.map((): Float32Array[] => [])
  for (let from = 0; from < gallery.length; from += BATCH) {
    const urls = gallery.slice(from, from + BATCH).map(({ url }) => url)
    const pictures = await Promise.all(urls.map((url) => fetchPicture(url, signal)))
    for (const [k, one] of networks.entries()) {
      signal.throwIfAborted()
      if (isReady(one)) features[k]?.push(await featuresOf(tf, one, pictures))
    }
    report(Math.min(gallery.length, from + BATCH))
  }
  return networks.map((one, k) =>
    isReady(one) ? toUnitFeatures(join(features[k] ?? []), gallery.length) : null,
  )
}

/** Row-major features of images, which are first resized to the student's training size. */
export function featuresOf(
  tf: TensorFlow,
  { network, file }: ReadyNetwork,
  pictures: Rgba[],
): Promise<Float32Array> {
  const pixels = pictures.map((picture) => resizeAndCrop(picture, shapeOf(file)))
  return computeFeatures(tf, network, file, pixels)
}

export function isReady(one: ReadyNetwork | string | null): one is ReadyNetwork {
  return one !== null && typeof one !== 'string'
}

async function fetchPicture(url: string, signal: AbortSignal): Promise<Rgba> {
  const response = await fetch(url, { signal })
  if (!response.ok)
    throw new Error(`A gallery image could not be loaded: the server answered ${response.status}.`)
  return decodePicture(await response.blob())
}

function join(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
