'use client'

import { useEffect, useState } from 'react'
import { type Latency, meanPosterior, measureLatency, runNetwork, shapeOf } from '../networks/run-network.ts'
import type { Networks, ReadyNetwork, ReadyOrNot } from '../networks/use-networks.ts'
import { bringToSize, type Rgba } from '../picture/bring-to-size.ts'

export interface Answer {
  /** Null where the student cannot be asked. */
  posterior: Float32Array | null
  /** Null until it was measured. */
  latency: Latency | null
  /** Why it gave none, where it could have. */
  trouble: string | null
}

export interface Answers {
  students: Answer[]
  /** Of all students; null where one of them did not answer. */
  ensemble: Answer | null
}

/** What every student says of an image, and then how long each takes; null until the answers are there. */
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
  tell: (answers: Answers) => void,
): Promise<void> {
  const ask = ({ network, file }: ReadyNetwork) =>
    runNetwork(tf, network, file, bringToSize(picture, shapeOf(file)))
  const students: Answer[] = []
  for (const one of networks) {
    students.push(await answerOf(one, ask))
    signal.throwIfAborted()
  }
  const ready = networks.filter((one) => one !== null && typeof one !== 'string')
  const posteriors = students.flatMap(({ posterior }) => posterior ?? [])
  const isWhole = posteriors.length === networks.length
  const ensemble = isWhole ? { posterior: meanPosterior(posteriors), latency: null, trouble: null } : null
  tell({ students: [...students], ensemble })

  // The image is brought to a network's size once: what is measured is the network.
  const prepared = new Map(ready.map((one) => [one, bringToSize(picture, shapeOf(one.file))]))
  const askAgain = (one: ReadyNetwork, pixels: Uint8ClampedArray) =>
    runNetwork(tf, one.network, one.file, pixels)
  for (const [index, one] of networks.entries()) {
    if (one === null || typeof one === 'string' || !students[index]?.posterior) continue
    const pixels = prepared.get(one)
    if (!pixels) continue
    students[index] = {
      ...students[index],
      latency: await measureLatency(() => askAgain(one, pixels), signal),
    }
    tell({ students: [...students], ensemble })
  }
  if (!ensemble) return
  const askAll = async () => {
    const all: Float32Array[] = []
    for (const [one, pixels] of prepared) all.push(await askAgain(one, pixels))
    return meanPosterior(all)
  }
  tell({ students, ensemble: { ...ensemble, latency: await measureLatency(askAll, signal) } })
}

async function answerOf(one: ReadyOrNot, ask: (one: ReadyNetwork) => Promise<Float32Array>): Promise<Answer> {
  const none = { posterior: null, latency: null }
  if (one === null || typeof one === 'string') return { ...none, trouble: one }
  try {
    return { posterior: await ask(one), latency: null, trouble: null }
  } catch (error) {
    return { ...none, trouble: error instanceof Error ? error.message : String(error) }
  }
}
