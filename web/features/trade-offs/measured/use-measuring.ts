'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ArtifactPartsFragment } from '../../../graphql/generated/operations.ts'
import { type Backend, findBackends } from '../../try/networks/load-tensorflow.ts'
import { signDownload } from '../../try/networks/sign-download.ts'
import { startFirst } from '../../try/networks/use-networks.ts'
import { measureModel } from './measure-model.ts'
import { keepMeasured } from './measured-times.ts'

export interface Candidate {
  modelId: string
  name: string
  network: string
  artifact: ArtifactPartsFragment
}

export type Measuring =
  | { stage: 'idle' }
  | { stage: 'working'; done: number; total: number; name: string; receivedShare: number }
  | { stage: 'ended'; done: number; backend: Backend; problems: string[] }
  | { stage: 'failed'; message: string }

/** Measures models one after another, and keeps each time as it comes; what is left can be called off. */
export function useMeasuring() {
  const apollo = useApolloClient()
  const [state, setState] = useState<Measuring>({ stage: 'idle' })
  const controller = useRef<AbortController | null>(null)
  const stop = useCallback(() => {
    controller.current?.abort()
    setState({ stage: 'idle' })
  }, [])
  useEffect(() => () => controller.current?.abort(), [])

  const start = useCallback(
    async (candidates: readonly Candidate[]) => {
      controller.current?.abort()
      const own = new AbortController()
      controller.current = own
      const put = (next: Measuring) => {
        if (!own.signal.aborted) setState(next)
      }
      const tell = (done: number, name: string, receivedShare: number) =>
        put({ stage: 'working', done, total: candidates.length, name, receivedShare })
      tell(0, '', 0)
      try {
        const { tf, backend } = await startFirst(await findBackends())
        const problems: string[] = []
        let done = 0
        for (const { modelId, name, artifact } of candidates) {
          const received = (bytes: number) => tell(done, name, bytes / artifact.byteLength)
          received(0)
          try {
            const sign = () => signDownload(apollo, modelId)
            const latency = await measureModel(tf, artifact, sign, own.signal, received)
            const { sha256 } = artifact
            keepMeasured({ modelId, sha256, backend, ...latency, at: new Date().toISOString() })
          } catch (error) {
            own.signal.throwIfAborted()
            problems.push(`${name}: ${messageOf(error)}`)
          }
          done += 1
        }
        put({ stage: 'ended', done: done - problems.length, backend, problems })
      } catch (error) {
        put({ stage: 'failed', message: messageOf(error) })
      }
    },
    [apollo],
  )
  return { state, start, stop }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
