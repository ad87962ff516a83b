'use client'

import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import Link from 'next/link'
import type { ReactNode } from 'react'

/** A link that looks like a button. */
export function LinkButton(props: ButtonProps & { href: string; children: ReactNode }) {
  return <Button component={Link} {...props} />
}

/** A link within text. */
export function TextLink(props: AnchorProps & { href: string; children: ReactNode }) {
  return <Anchor component={Link} {...props} />
}
