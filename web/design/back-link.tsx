'use client'

import { IconChevronLeft } from '@tabler/icons-react'
import { TextLink } from './link-button.tsx'

export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <TextLink href={href} size="sm" c="dimmed" className="mb-1 inline-flex min-h-6 items-center gap-1">
      <IconChevronLeft size={15} aria-hidden /> {children}
    </TextLink>
  )
}
