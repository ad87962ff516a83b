'use client'

import { useEffect, useState } from 'react'
import { CopyValue } from '../../design/copy-value.tsx'
import { Panel } from '../../design/panel.tsx'
import { useTeam } from '../../team-scope.ts'

/** A first request to the API, ready to paste. */
export function CurlExample() {
  const { team } = useTeam()
  const [origin, setOrigin] = useState('')
  useEffect(() => setOrigin(location.origin), [])
  const query = `{ team(slug: \\"${team.slug}\\") { runs(first: 5) { nodes { number status } } } }`
  const command = [
    `curl ${origin}/graphql \\`,
    "  -H 'content-type: application/json' \\",
    '  -H "authorization: Bearer $STUDYHALL_KEY" \\',
    `  -d '{"query": "${query}"}'`,
  ].join('\n')
  return (
    <Panel
      title="From a script"
      note="Everything on these pages is available through one GraphQL API. This query lists the latest runs."
      actions={<CopyValue value={command} label="Copy the command" />}
    >
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="m-0 overflow-x-auto rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-4 font-mono text-xs leading-relaxed"
      >
        {command}
      </pre>
    </Panel>
  )
}
