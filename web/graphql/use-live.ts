'use client'

import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useApolloClient } from '@apollo/client/react'
import { useEffect, useRef, useState } from 'react'

const FIRST_WAIT_MS = 500
const MAX_WAIT_MS = 15_000

export type LiveState = 'idle' | 'connected' | 'reconnecting' | 'complete'

interface Live<Data, Variables> {
  /**
   * Called before every connection, so that a new one can resume where the last stopped; null means do not
   * connect.
   */
  variables: () => Variables | null
  onData: (data: Data) => void
  onComplete?: () => void
  /** Called on every reconnection; a stream that cannot be resumed has missed events by then. */
  onReconnect?: () => void
}

/** Subscribes while the component is mounted and `key` is unchanged; reconnects with exponential backoff. */
export function useLive<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  key: string | null,
  live: Live<Data, Variables>,
): LiveState {
  const client = useApolloClient()
  const [state, setState] = useState<LiveState>('idle')
  const latest = useRef(live)
  latest.current = live

  useEffect(() => {
    if (key === null) return
    let waitMs = FIRST_WAIT_MS
    let timer: ReturnType<typeof setTimeout> | undefined
    let subscription: { unsubscribe(): void } | undefined
    const connect = () => {
      const variables = latest.current.variables()
      if (variables === null) return
      setState((before) => (before === 'reconnecting' ? before : 'connected'))
      subscription = client
        .subscribe<Data, OperationVariables>({
          query: document as TypedDocumentNode<Data>,
          variables,
          fetchPolicy: 'no-cache',
        })
        .subscribe({
          next: ({ data, error }) => {
            if (error) return reconnect()
            waitMs = FIRST_WAIT_MS
            setState('connected')
            if (data) latest.current.onData(data as Data)
          },
          error: reconnect,
          complete: () => {
            setState('complete')
            latest.current.onComplete?.()
          },
        })
    }
    // Not left to graphql-ws, which retries the socket: each subscription must resume from the last event it
    // has seen.
    const reconnect = () => {
      subscription?.unsubscribe()
      setState('reconnecting')
      timer = setTimeout(() => {
        connect()
        latest.current.onReconnect?.()
      }, waitMs)
      waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)
    }
    connect()
    return () => {
      clearTimeout(timer)
      subscription?.unsubscribe()
    }
  }, [client, document, key])

  return state
}
