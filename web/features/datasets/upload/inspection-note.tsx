'use client'

import { useQuery } from '@apollo/client/react'
import { Alert, Loader, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Facts } from '../../../design/facts.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { InspectUploadDocument, type InspectUploadQuery } from '../../../graphql/generated/operations.ts'
import { usePollWhile } from '../../../graphql/use-poll-while.ts'
import { DoubtsNote } from '../doubts-note.tsx'

/** A worker answers within seconds, once, and no event tells of it: it is asked for until then, or until it is late. */
const POLL_MS = 700
/** After so long no worker is there to look; the import works all the same. */
const PATIENCE_MS = 30_000

type Upload = Extract<InspectUploadQuery['node'], { __typename: 'Upload' }>
export type Inspection = NonNullable<Upload['inspection']>

/** What a worker sees in an upload; null while it looks. `late`: nobody has looked for a while. */
export function useInspection(uploadId: string): { inspection: Inspection | null; late: boolean } {
  const query = useQuery(InspectUploadDocument, { variables: { id: uploadId }, fetchPolicy: 'network-only' })
  const inspection = query.data?.node?.__typename === 'Upload' ? query.data.node.inspection : null
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  usePollWhile(query, !inspection && !late, POLL_MS)
  return { inspection: inspection ?? null, late }
}

export function InspectionNote({ inspection, late }: { inspection: Inspection | null; late: boolean }) {
  if (!inspection && late)
    return (
      <Text size="sm" c="dimmed">
        No worker has inspected it yet. You can import it anyway: its format will be detected.
      </Text>
    )
  if (!inspection)
    return (
      <div className="flex items-center gap-2" role="status">
        <Loader size="xs" />
        <Text size="sm" c="dimmed">
          A worker is inspecting it…
        </Text>
      </div>
    )
  if (inspection.refusal)
    return (
      <Alert color="red" variant="light" title="It cannot be imported as is" role="alert">
        <Text size="sm">{inspection.refusal}</Text>
      </Alert>
    )
  return <Recognised inspection={inspection} />
}

function Recognised({ inspection }: { inspection: Inspection }) {
  const { classes, classCount, splits, leftOutCount, ignoredCount, notes, doubts } = inspection
  const more = (classCount ?? 0) - classes.length
  return (
    <div className="flex flex-col gap-3 rounded-md border border-[var(--line)] p-4">
      <Facts
        columns="sm:grid-cols-3"
        facts={[
          ['Recognised as', inspection.title ?? ''],
          ['Classes', formatCount(classCount ?? 0)],
          ...splits.map(({ name, count }) => [`In ${name}`, countOf(count, 'image')] as const),
          ['Left out', formatCount(leftOutCount ?? 0)],
          ['Other files', formatCount(ignoredCount ?? 0)],
        ]}
      />
      <Text size="sm" c="dimmed" lineClamp={3}>
        {classes.join(', ')}
        {more > 0 && ` and ${formatCount(more)} more`}
      </Text>
      {notes.map((note) => (
        <Text size="sm" key={note}>
          {note}
        </Text>
      ))}
      <DoubtsNote doubts={doubts} />
    </div>
  )
}
