import { Text } from '@mantine/core'
import { Panel } from '../../design/panel.tsx'

/** What a reader has to know before believing the figures. */
export function NotesPanel({ notes }: { notes: readonly string[] }) {
  return (
    <Panel title="Before you believe it">
      <div className="flex flex-col gap-2">
        {notes.map((note) => (
          <Text key={note} size="sm" className="max-w-[75ch] whitespace-pre-line">
            {note}
          </Text>
        ))}
      </div>
    </Panel>
  )
}
