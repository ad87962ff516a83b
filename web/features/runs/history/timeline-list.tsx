import { Text } from '@mantine/core'
import { formatDuration, formatInstant } from '../../../design/format-time.ts'
import { StatusMark } from '../../../design/status-mark.tsx'
import type { Happening } from './run-timeline.ts'

/** Happenings one under the other, each with its time and how long after the first one it was. */
export function TimelineList({ happenings }: { happenings: readonly Happening[] }) {
  const firstMs = Date.parse(happenings[0]?.at ?? '')
  return (
    <ol className="m-0 ml-1 flex list-none flex-col gap-4 border-l border-[var(--line)] p-0 pl-4">
      {happenings.map(({ at, title, note, tone }) => (
        <li
          key={`${at} ${title}`}
          className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5"
        >
          <div className="-ml-5 min-w-0 grow basis-64 [&_span]:whitespace-normal">
            <StatusMark tone={tone}>{title}</StatusMark>
            {note && (
              <Text size="xs" c="dimmed" className="pl-4 [overflow-wrap:anywhere]">
                {note}
              </Text>
            )}
          </div>
          <Text size="xs" c="dimmed" className="numbers whitespace-nowrap">
            <time dateTime={at}>{formatInstant(at)}</time>, after{' '}
            {formatDuration((Date.parse(at) - firstMs) / 1000)}
          </Text>
        </li>
      ))}
    </ol>
  )
}
