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

/** One student, ready to be asked. */
export interface ReadyNetwork {
  file: ModelFile
  network: Network
}

/** Null where there is no file; a message where the network could not be built. */
export type ReadyOrNot = ReadyNetwork | string | null

export type Networks =
  | { stage: 'starting' }
  | {
      stage: 'ready'
      tf: TensorFlow
      backend: Backend
      /** In the order of the files. */
      networks: ReadyOrNot[]
      /** Of backends that would have come first and did not start. */
      complaints: string[]
    }
  | { stage: 'failed'; message: string }

/** The backends of this browser; null until they are known. */
export function useBackends(): Backend[] | null {
  const [backends, setBackends] = useState<Backend[] | null>(null)
  useEffect(() => {
    let here = true
    void findBackends().then((found) => {
      if (here) setBackends(found)
    })
    return () => {
      here = false
    }
  }, [])
  return backends
}

/**
 * The students on the first of `backends` that starts; their memory is given back when the page is left, and when
 * another backend takes over.
 * @param files null until every file is there or has failed
 */
export function useNetworks(files: (ModelFile | null)[] | null, backends: Backend[] | null): Networks {
  const [state, setState] = useState<Networks>({ stage: 'starting' })
  useEffect(() => {
    setState({ stage: 'starting' })
    if (!files || !backends) return
    let here = true
    const built: Network[] = []
    const disposeAll = () => {
      for (const network of built.splice(0)) network.dispose()
    }
    const begin = async () => {
      const started = await startFirst(backends)
      const networks: ReadyOrNot[] = []
      for (const file of files) {
        const one = file && (await buildOrSayWhyNot(started.tf, file))
        if (one && typeof one === 'object') built.push(one.network)
        networks.push(one)
      }
      if (here) setState({ stage: 'ready', ...started, networks })
      else disposeAll()
    }
    begin().catch((error) => {
      if (here) setState({ stage: 'failed', message: messageOf(error) })
    })
    return () => {
      here = false
      disposeAll()
    }
  }, [files, backends])
  return state
}

async function buildOrSayWhyNot(tf: TensorFlow, file: ModelFile): Promise<ReadyNetwork | string> {
  try {
    return { file, network: await buildNetwork(tf, file) }
  } catch (error) {
    return `TensorFlow.js cannot build the model: ${messageOf(error)}`
  }
}

async function startFirst(
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
