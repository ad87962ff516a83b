'use client'

import { Tabs, Text } from '@mantine/core'
import { CopyValue } from '../../design/copy-value.tsx'
import { firstLines } from './first-lines.ts'

/** The way in for programs, at this very address. */
export function FirstLinesPanel({ origin }: { origin: string }) {
  const lines = firstLines(origin)
  return (
    <Tabs
      defaultValue={lines[0]?.label}
      keepMounted={false}
      className="overflow-hidden rounded-xl border border-[var(--line)] bg-[var(--surface)]"
    >
      <Tabs.List className="bg-[var(--surface-muted)]">
        {lines.map(({ label }) => (
          <Tabs.Tab key={label} value={label}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {lines.map(({ label, code, note }) => (
        <Tabs.Panel key={label} value={label}>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
            tabIndex={0}
            className="m-0 overflow-x-auto p-4 font-mono text-xs leading-6"
          >
            {code}
          </pre>
          <div className="flex items-center justify-between gap-4 border-t border-[var(--line)] py-2 pr-3 pl-4">
            <Text size="sm" c="dimmed">
              {note}
            </Text>
            <CopyValue value={code} label={`Copy the lines for ${label}`} />
          </div>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
