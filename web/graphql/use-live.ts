'use client'

import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useApolloClient } from '@apollo/client/react'
import { useEffect, useRef, useState } from 'react'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

export type LiveState = 'idle' | 'connected' | 'reconnecting' | 'complete'

interface Live<Data, Variables> {
  /** Asked anew before every connection, so that a broken one goes on where it stopped; null: do not listen. */
  variables: () => Variables | null
  onData: (data: Data) => void
  onComplete?: () => void
  /** Called with every connection after the first: what came between is lost to a stream that cannot go on. */
  onReconnect?: () => void
}

/** Listens to a subscription as long as the component lives and `key` stays; connects again with growing pauses. */
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
    // By hand: graphql-ws retries a socket, and here each subscription begins again from the last event it has seen.
    const reconnect = () => {
      subscription?.unsubscribe()
      setState('reconnecting')
      timer = setTimeout(() => {
        connect()
        latest.current.onReconnect?.()
      }, waitMs)
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    }
    connect()
    return () => {
      clearTimeout(timer)
      subscription?.unsubscribe()
    }
  }, [client, document, key])

  return state
}
