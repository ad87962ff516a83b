'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useState } from 'react'
import { type ArtifactPartsFragment, CreateDownloadDocument } from '../../../graphql/generated/operations.ts'
import { fetchModel } from './fetch-model.ts'
import { type ModelFile, readModel } from './read-model.ts'

/** Redrawing for every piece that arrives would take longer than receiving it. */
const DRAW_EVERY_MS = 100

/** A student that can be asked. */
export interface Subject {
  id: string
  name: string
  architecture: string
  parameters: number
  /** On the test images; null where there are none to name. */
  top1: number | null
  /** Of the queries; null where classes were learned. */
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

/** Brings every student's model here, one after the other. @param go false until they shall be loaded */
export function useModelFiles(subjects: Subject[], go: boolean): { stages: FileStage[]; again: () => void } {
  const apollo = useApolloClient()
  const [stages, setStages] = useState<FileStage[]>(() => subjects.map(() => ({ stage: 'waiting' })))
  const [tries, setTries] = useState(0)
  const again = useCallback(() => setTries((before) => before + 1), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a try is what begins it anew
  useEffect(() => {
    if (!go) return
    const controller = new AbortController()
    const { signal } = controller
    const put = (index: number, stage: FileStage) => {
      if (!signal.aborted) setStages((before) => before.map((old, i) => (i === index ? stage : old)))
    }
    const sign = async (id: string) => {
      const { data } = await apollo.mutate({
        mutation: CreateDownloadDocument,
        variables: { input: { id } },
      })
      const { download, errors } = data?.createDownload ?? { download: null, errors: [] }
      if (!download) throw new Error(errors[0]?.message ?? 'The server gave no link to the model.')
      const { pathname, search } = new URL(download.url, location.origin)
      return pathname + search
    }
    const load = async ({ id, artifact }: Subject, index: number) => {
      if (!artifact) return put(index, { stage: 'failed', message: NO_ARTIFACT })
      try {
        const tell = seldom((received) => put(index, { stage: 'loading', received }))
        tell(0)
        const { bytes, kept } = await fetchModel(artifact, () => sign(id), signal, tell)
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

function seldom(tell: (received: number) => void): (received: number) => void {
  let toldAt = 0
  return (received) => {
    const now = performance.now()
    if (received > 0 && now - toldAt < DRAW_EVERY_MS) return
    toldAt = now
    tell(received)
  }
}
