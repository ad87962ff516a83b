import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** Shown in place of an empty list: why it is empty, and the action to take. */
export function EmptyState(props: {
  icon: ReactNode
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <div className="grid size-12 place-items-center rounded-full border border-[var(--line)] bg-[var(--surface-muted)] text-[var(--mantine-color-dimmed)]">
        {props.icon}
      </div>
      <div>
        <Title order={2}>{props.title}</Title>
        <Text size="sm" c="dimmed" maw={420} mt={4}>
          {props.children}
        </Text>
      </div>
      {props.action && <div className="mt-1">{props.action}</div>}
    </div>
  )
}
