'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { Panel } from '../../design/panel.tsx'

// Only this page reads Markdown: what renders it is loaded with the card.
const Markdown = dynamic(() => import('./markdown.tsx').then((module) => module.Markdown), {
  loading: () => <Skeleton height={240} />,
})

/** The card that goes with every file of the model. */
export function ModelCard({ card }: { card: string }) {
  return (
    <Panel title="Model card" note="README.md of every download">
      <Markdown text={card} />
    </Panel>
  )
}
