'use client'

import { useEffect, useState } from 'react'
import {
  BACKEND_WORDS,
  type Backend,
  findBackends,
  type Network,
  startTensorFlow,
  type TensorFlow,
} from './load-tensorflow.ts'
import { buildNetwork, type ModelFile } from './read-model.ts'

/** A student's network, ready to run. */
export interface ReadyNetwork {
  file: ModelFile
  network: Network
}

/** Null if there is no file; a message if the network could not be built. */
export type ReadyOrNot = ReadyNetwork | string | null

export type Networks =
  | { stage: 'starting' }
  | {
      stage: 'ready'
      tf: TensorFlow
      backend: Backend
      /** In the order of the files. */
      networks: ReadyOrNot[]
      /** Errors of preferred backends that did not start. */
      complaints: string[]
    }
  | { stage: 'failed'; message: string }

/** The backends that this browser supports; null until known. */
export function useBackends(): Backend[] | null {
  const [backends, setBackends] = useState<Backend[] | null>(null)
  useEffect(() => {
    let isMounted = true
    void findBackends().then((found) => {
      if (isMounted) setBackends(found)
    })
    return () => {
      isMounted = false
    }
  }, [])
  return backends
}

/**
 * Builds the students on the first of `backends` that starts. Their memory is freed on unmount and when the
 * backend changes.
 * @param files null until every file is loaded or has failed
 */
export function useNetworks(files: (ModelFile | null)[] | null, backends: Backend[] | null): Networks {
  const [state, setState] = useState<Networks>({ stage: 'starting' })
  useEffect(() => {
    setState({ stage: 'starting' })
    if (!files || !backends) return
    let isMounted = true
    const built: Network[] = []
    const disposeAll = () => {
      for (const network of built.splice(0)) network.dispose()
    }
    const start = async () => {
      const started = await startFirst(backends)
      const networks: ReadyOrNot[] = []
      for (const file of files) {
        const one = file && (await tryBuild(started.tf, file))
        if (one && typeof one === 'object') built.push(one.network)
        networks.push(one)
      }
      if (isMounted) setState({ stage: 'ready', ...started, networks })
      else disposeAll()
    }
    start().catch((error) => {
      if (isMounted) setState({ stage: 'failed', message: messageOf(error) })
    })
    return () => {
      isMounted = false
      disposeAll()
    }
  }, [files, backends])
  return state
}

async function tryBuild(tf: TensorFlow, file: ModelFile): Promise<ReadyNetwork | string> {
  try {
    return { file, network: await buildNetwork(tf, file) }
  } catch (error) {
    return `TensorFlow.js cannot build the model: ${messageOf(error)}`
  }
}

/** TensorFlow.js on the first of `backends` that starts. @throws if none does */
export async function startFirst(
  backends: Backend[],
): Promise<{ tf: TensorFlow; backend: Backend; complaints: string[] }> {
  const complaints: string[] = []
  for (const backend of backends) {
    try {
      return { tf: await startTensorFlow(backend), backend, complaints }
    } catch (error) {
      complaints.push(`${BACKEND_WORDS[backend]} does not work here: ${messageOf(error)}`)
    }
  }
  throw new Error(`TensorFlow.js does not run in this browser. ${complaints.join(' ')}`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
