'use client'

import '../../graphql/generated/graphiql.css'
import './explorer.css'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { useComputedColorScheme } from '@mantine/core'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { useEffect, useRef, useState } from 'react'

/** GraphiQL over this origin's API: queries by HTTP, subscriptions by WebSocket, both with the person's session. */
export function Explorer({ query, variables }: { query: string; variables: string }) {
  const [{ fetcher, socket }] = useState(connect)
  const scheme = useComputedColorScheme('light')
  const frame = useRef<HTMLElement>(null)
  useEffect(() => (frame.current ? nameEditors(frame.current) : undefined), [])
  // GraphiQL leaves a subscription running whose page is gone.
  useEffect(() => () => void socket.dispose(), [socket])
  return (
    <section
      ref={frame}
      aria-label="GraphiQL"
      className="explorer h-[75vh] min-h-120 overflow-hidden rounded-lg border border-[var(--line)]"
    >
      <GraphiQL
        fetcher={fetcher}
        query={query}
        variables={variables}
        forcedTheme={scheme}
        // Who asks is the session; a header that names somebody else would only mislead.
        isHeadersEditorEnabled={false}
        showPersistHeadersSettings={false}
      />
    </section>
  )
}

function connect() {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
  const socket = createClient({ url, lazy: true, retryAttempts: 0 })
  return { socket, fetcher: createGraphiQLFetcher({ url: '/graphql', wsClient: socket }) }
}

const EDITORS = [
  ['.graphiql-query-editor', 'Operation'],
  ['.graphiql-editor-tool', 'Variables'],
  ['.result-window', 'Answer'],
] as const

/** CodeMirror's text fields come without a name, and what they scroll in without a key to it. @returns what ends it */
function nameEditors(frame: HTMLElement): () => void {
  const name = () => {
    for (const [place, label] of EDITORS)
      for (const field of frame.querySelectorAll(`${place} textarea:not([aria-label])`))
        field.setAttribute('aria-label', label)
    for (const scrolled of frame.querySelectorAll('.CodeMirror-scroll'))
      scrolled.setAttribute('tabindex', '0')
  }
  const observer = new MutationObserver(name)
  observer.observe(frame, { childList: true, subtree: true })
  name()
  return () => observer.disconnect()
}
