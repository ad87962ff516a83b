'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { Panel } from '../../design/panel.tsx'

// Only this page needs the Markdown renderer, so it is loaded on demand.
const Markdown = dynamic(() => import('./markdown.tsx').then((module) => module.Markdown), {
  loading: () => <Skeleton height={240} />,
})

/** The model card that is part of every download. */
export function ModelCard({ card }: { card: string }) {
  return (
    <Panel title="Model card" note="README.md of every download">
      <Markdown text={card} />
    </Panel>
  )
}
