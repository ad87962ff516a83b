'use client'

import { useQuery } from '@apollo/client/react'
import { Select } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { OwnShell } from '../shell/own-shell.tsx'
import { EXAMPLES } from './examples.ts'

/** Loaded with this page alone: it is larger than any other. */
const Explorer = dynamic(() => import('./explorer.tsx').then(({ Explorer }) => Explorer), {
  ssr: false,
  loading: () => <LoadingRows />,
})

/** /graphql in a browser: the API to be tried by whoever is signed in, as themselves. */
export function ExplorerPage() {
  return <OwnShell isWide>{() => <Examples />}</OwnShell>
}

const NO_TEAM = { id: 'team_…', slug: 'your-team' }

function Examples() {
  const team = useQuery(ViewerDocument).data?.viewer?.teams[0] ?? NO_TEAM
  const [chosen, setChosen] = useState(0)
  const example = EXAMPLES[chosen]
  return (
    <>
      <PageHeader
        title="API explorer"
        note="Everything you send is done as you, in your teams. Scripts send the same with an API key."
      />
      <Select
        label="Examples"
        className="mb-4 max-w-lg"
        data={EXAMPLES.map(({ title }, index) => ({ value: String(index), label: title }))}
        value={String(chosen)}
        onChange={(value) => value !== null && setChosen(Number(value))}
        allowDeselect={false}
      />
      <Explorer
        query={example?.query ?? ''}
        variables={JSON.stringify(example?.variables?.(team) ?? {}, null, 2)}
      />
    </>
  )
}
