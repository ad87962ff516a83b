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
      <div className="relative grid h-12 w-38 place-items-center text-[var(--mantine-color-dimmed)]">
        <TwoStudents />
        <div className="grid size-12 place-items-center rounded-full border border-[var(--line)] bg-[var(--surface-muted)]">
          {props.icon}
        </div>
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

/** The two of the mark, on both sides of what is missing, each with its arrow: one picture for all empty places. */
function TwoStudents() {
  return (
    <svg viewBox="0 0 152 48" className="absolute inset-0" aria-hidden="true" fill="none">
      <Student />
      <g transform="rotate(180 76 24)">
        <Student />
      </g>
    </svg>
  )
}

function Student() {
  return (
    <>
      <circle cx="10" cy="24" r="7" stroke="var(--mantine-color-anchor)" strokeWidth="2" />
      <path d="M20 19 Q 31 11 40 16.500" stroke="var(--mantine-color-anchor)" strokeWidth="1.5" />
      <path d="M46 20 L37.500 19.500 L41.500 13.500 Z" fill="var(--mantine-color-anchor)" />
    </>
  )
}
