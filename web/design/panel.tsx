import { Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A bordered surface with a title; the only kind of box on the pages. */
export function Panel(props: {
  title?: ReactNode
  note?: ReactNode
  actions?: ReactNode
  flush?: boolean
  className?: string
  children: ReactNode
}) {
  const titleId = useId()
  return (
    <section
      aria-labelledby={props.title ? titleId : undefined}
      className={`min-w-0 overflow-hidden rounded-lg border border-[var(--line)] bg-[var(--surface)] ${props.className ?? ''}`}
    >
      {props.title && (
        <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3.5 pb-2 sm:px-5">
          <div>
            <Title order={2} id={titleId}>
              {props.title}
            </Title>
            {props.note && (
              <Text size="sm" c="dimmed" component="div">
                {props.note}
              </Text>
            )}
          </div>
          {props.actions && <div className="flex flex-wrap items-center gap-2">{props.actions}</div>}
        </div>
      )}
      <div
        className={props.flush ? '' : `px-4 pb-4 sm:px-5 sm:pb-5 ${props.title ? 'pt-1' : 'pt-4 sm:pt-5'}`}
      >
        {props.children}
      </div>
    </section>
  )
}
