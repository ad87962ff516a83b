import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** The top of every page: title, a line about it, and actions. */
export function PageHeader(props: {
  title: ReactNode
  note?: ReactNode
  above?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {props.above}
        <Title order={1} className="flex flex-wrap items-center gap-x-3 gap-y-1 break-words">
          {props.title}
        </Title>
        {props.note && (
          <Text c="dimmed" size="sm" mt={4} component="div">
            {props.note}
          </Text>
        )}
      </div>
      {props.actions && <div className="flex flex-wrap items-center gap-2">{props.actions}</div>}
    </header>
  )
}
