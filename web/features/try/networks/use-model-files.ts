'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useState } from 'react'
import type { ArtifactPartsFragment } from '../../../graphql/generated/operations.ts'
import { fetchModel } from './fetch-model.ts'
import { type ModelFile, readModel } from './read-model.ts'
import { signDownload } from './sign-download.ts'

/** Rerendering for every chunk would take longer than receiving it. */
const DRAW_EVERY_MS = 100

/** A student that can be run in the browser. */
export interface Subject {
  id: string
  name: string
  architecture: string
  parameters: number
  /** Test accuracy; null for retrieval. */
  top1: number | null
  /** On the test queries; null for classification. */
  meanAveragePrecision: number | null
  artifact: ArtifactPartsFragment | undefined
}

export type FileStage =
  | { stage: 'waiting' }
  | { stage: 'loading'; received: number }
  | { stage: 'ready'; file: ModelFile; kept: boolean }
  | { stage: 'failed'; message: string }

const NO_ARTIFACT =
  'There is no TensorFlow.js file of this student: it was not exported in that format, or is deleted.'

/** Downloads every student's model, one after another. @param go false to wait */
export function useModelFiles(subjects: Subject[], go: boolean): { stages: FileStage[]; again: () => void } {
  const apollo = useApolloClient()
  const [stages, setStages] = useState<FileStage[]>(() => subjects.map(() => ({ stage: 'waiting' })))
  const [tries, setTries] = useState(0)
  const again = useCallback(() => setTries((before) => before + 1), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry increments `tries` to restart the effect
  useEffect(() => {
    if (!go) return
    const controller = new AbortController()
    const { signal } = controller
    const put = (index: number, stage: FileStage) => {
      if (!signal.aborted) setStages((before) => before.map((old, i) => (i === index ? stage : old)))
    }
    const load = async ({ id, artifact }: Subject, index: number) => {
      if (!artifact) return put(index, { stage: 'failed', message: NO_ARTIFACT })
      try {
        const report = throttled((received) => put(index, { stage: 'loading', received }))
        report(0)
        const { bytes, kept } = await fetchModel(artifact, () => signDownload(apollo, id), signal, report)
        put(index, { stage: 'ready', file: readModel(bytes), kept })
      } catch (error) {
        put(index, { stage: 'failed', message: error instanceof Error ? error.message : String(error) })
      }
    }
    const loadAll = async () => {
      for (const [index, subject] of subjects.entries()) if (!signal.aborted) await load(subject, index)
    }
    void loadAll()
    return () => controller.abort()
  }, [apollo, subjects, go, tries])

  return { stages, again }
}

function throttled(report: (received: number) => void): (received: number) => void {
  let reportedAt = 0
  return (received) => {
    const now = performance.now()
    if (received > 0 && now - reportedAt < DRAW_EVERY_MS) return
    reportedAt = now
    report(received)
  }
}
