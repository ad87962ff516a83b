'use client'

import { Panel } from '../../../design/panel.tsx'
import { Markdown } from '../../models/markdown.tsx'

/** Loaded where a run has notes: the reader of Markdown is large. */
export function RunNotesPanel({ notes }: { notes: string }) {
  return (
    <Panel title="Notes">
      <Markdown text={notes} />
    </Panel>
  )
}
