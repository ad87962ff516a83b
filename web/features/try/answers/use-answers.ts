'use client'

import { useEffect, useState } from 'react'
import { type Latency, meanPosterior, measureLatency, runNetwork, shapeOf } from '../networks/run-network.ts'
import type { Networks, ReadyNetwork, ReadyOrNot } from '../networks/use-networks.ts'
import { type Rgba, resizeAndCrop } from '../picture/resize-and-crop.ts'

export interface Answer {
  /** Null if the student could not be run. */
  posterior: Float32Array | null
  /** Null until measured. */
  latency: Latency | null
  /** Why there is no posterior although there is a model. */
  problem: string | null
}

export interface Answers {
  students: Answer[]
  /** Null unless every student has a posterior. */
  ensemble: Answer | null
}

/** Whether the times are in, too. */
export function isMeasured({ students, ensemble }: Answers): boolean {
  return [...students, ...(ensemble ? [ensemble] : [])].every(
    ({ posterior, latency }) => posterior === null || latency !== null,
  )
}

/** Every student's prediction for an image, then the time each takes; null until the predictions are in. */
export function useAnswers(networks: Networks, picture: Rgba | null): Answers | null {
  const [answers, setAnswers] = useState<Answers | null>(null)
  useEffect(() => {
    setAnswers(null)
    if (networks.stage !== 'ready' || !picture) return
    const controller = new AbortController()
    answerAndMeasure(networks, picture, controller.signal, setAnswers).catch((error) => {
      if (!controller.signal.aborted) throw error
    })
    return () => controller.abort()
  }, [networks, picture])
  return answers
}

async function answerAndMeasure(
  { tf, networks }: Extract<Networks, { stage: 'ready' }>,
  picture: Rgba,
  signal: AbortSignal,
  report: (answers: Answers) => void,
): Promise<void> {
  const predict = ({ network, file }: ReadyNetwork) =>
    runNetwork(tf, network, file, resizeAndCrop(picture, shapeOf(file)))
  const students: Answer[] = []
  for (const one of networks) {
    students.push(await answerOf(one, predict))
    signal.throwIfAborted()
  }
  const ready = networks.filter((one) => one !== null && typeof one !== 'string')
  const posteriors = students.flatMap(({ posterior }) => posterior ?? [])
  const isWhole = posteriors.length === networks.length
  const ensemble = isWhole ? { posterior: meanPosterior(posteriors), latency: null, problem: null } : null
  report({ students: [...students], ensemble })

  // Resized beforehand, so that only the network is timed.
  const prepared = new Map(ready.map((one) => [one, resizeAndCrop(picture, shapeOf(one.file))]))
  const rerun = (one: ReadyNetwork, pixels: Uint8ClampedArray) =>
    runNetwork(tf, one.network, one.file, pixels)
  for (const [index, one] of networks.entries()) {
    if (one === null || typeof one === 'string' || !students[index]?.posterior) continue
    const pixels = prepared.get(one)
    if (!pixels) continue
    students[index] = {
      ...students[index],
      latency: await measureLatency(() => rerun(one, pixels), signal),
    }
    report({ students: [...students], ensemble })
  }
  if (!ensemble) return
  const runAll = async () => {
    const all: Float32Array[] = []
    for (const [one, pixels] of prepared) all.push(await rerun(one, pixels))
    return meanPosterior(all)
  }
  report({ students, ensemble: { ...ensemble, latency: await measureLatency(runAll, signal) } })
}

async function answerOf(
  one: ReadyOrNot,
  predict: (one: ReadyNetwork) => Promise<Float32Array>,
): Promise<Answer> {
  const none = { posterior: null, latency: null }
  if (one === null || typeof one === 'string') return { ...none, problem: one }
  try {
    return { posterior: await predict(one), latency: null, problem: null }
  } catch (error) {
    return { ...none, problem: error instanceof Error ? error.message : String(error) }
  }
}
