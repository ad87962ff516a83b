'use client'

import { Collapse, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'

interface Props {
  label: string
  children: ReactNode
  initiallyOpen?: boolean
  /** Shown instead of the content while closed. */
  summary?: ReactNode
}

/** Collapsible content for what few people need; it opens by itself for a field in it that is refused. */
export function Disclosure(props: Props) {
  const [opened, { toggle, open }] = useDisclosure(props.initiallyOpen ?? false)
  const contentId = useId()
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = frame
    current?.addEventListener('invalid', open, true)
    return () => current?.removeEventListener('invalid', open, true)
  }, [open])
  return (
    <div ref={frame}>
      <UnstyledButton
        type="button"
        onClick={toggle}
        aria-expanded={opened}
        aria-controls={contentId}
        className="inline-flex min-h-6 items-center gap-1 text-sm font-medium"
      >
        <IconChevronRight
          size={16}
          aria-hidden
          className={`transition-transform ${opened ? 'rotate-90' : ''}`}
        />
        {props.label}
      </UnstyledButton>
      {!opened && props.summary}
      <Collapse expanded={opened} id={contentId}>
        <div className="pt-3">{props.children}</div>
      </Collapse>
    </div>
  )
}
