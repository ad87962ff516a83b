import { Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { TextLink } from '../../../design/link-button.tsx'
import { Panel } from '../../../design/panel.tsx'
import type { PageRun } from '../live/run-feed.ts'
import { type LineageNode, lineageOf } from './run-lineage.ts'

/** What the run was made of and what was made of it, from left to right; from top to bottom on a phone. */
export function RunLineagePanel({ run, base }: { run: PageRun; base: string }) {
  const { sources, models, exports } = lineageOf(run, base)
  const self = { key: run.id, role: 'This run', name: `Run ${run.number}`, href: null }
  const columns: [title: string, nodes: LineageNode[]][] = [
    ['Made of', sources],
    ['Run', [self]],
    ['Models', models],
    ['Files', exports],
  ]
  const shown = columns.filter(([, nodes]) => nodes.length > 0)
  return (
    <Panel
      title="Lineage"
      note={
        isEnded(run.status)
          ? 'Where it comes from, and what became of it'
          : 'Where it comes from; its models follow when it has succeeded'
      }
    >
      <ol className="m-0 flex list-none flex-col gap-3 p-0 md:flex-row md:items-center">
        {shown.map(([title, nodes], i) => (
          <li key={title} className="flex min-w-0 flex-1 flex-col gap-3 md:flex-row md:items-center">
            {i > 0 && (
              <IconArrowRight
                size={20}
                aria-hidden
                className="shrink-0 rotate-90 self-center text-[var(--mantine-color-dimmed)] md:rotate-0"
              />
            )}
            <ul aria-label={title} className="m-0 flex min-w-0 flex-1 list-none flex-col gap-2 p-0">
              {nodes.map((node) => (
                <Node key={node.key} node={node} isSelf={node === self} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Node({ node: { role, name, href }, isSelf }: { node: LineageNode; isSelf: boolean }) {
  return (
    <li
      className={`rounded-md border px-3 py-2 ${isSelf ? 'border-[var(--mantine-primary-color-filled)]' : 'border-[var(--line)] bg-[var(--surface-muted)]'}`}
    >
      <Text size="xs" c="dimmed">
        {role}
      </Text>
      <div className="text-sm font-medium [overflow-wrap:anywhere]">
        {href ? (
          <TextLink href={href} size="sm">
            {name}
          </TextLink>
        ) : (
          name
        )}
      </div>
    </li>
  )
}
