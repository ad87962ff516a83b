'use client'

import { AppShell, Burger } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '../../design/logo.tsx'

/** Sidebar and main column; on a narrow screen the sidebar lies behind a burger. */
export function ShellFrame(props: {
  title: string
  base: string
  sidebar: (close: () => void) => ReactNode
  /** At the right of the bar on top, where there is one. */
  corner?: ReactNode
  children: ReactNode
}) {
  const [opened, { toggle, close }] = useDisclosure()
  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm" className="flex items-center gap-3 px-3">
        <Burger
          opened={opened}
          onClick={toggle}
          size="sm"
          aria-label={opened ? 'Close the menu' : 'Open the menu'}
        />
        <Link
          href={props.base}
          className="flex min-w-0 items-center gap-2 font-semibold text-inherit no-underline"
        >
          <Logo /> <span className="truncate">{props.title}</span>
        </Link>
        <div className="ml-auto">{props.corner}</div>
      </AppShell.Header>
      <AppShell.Navbar className="gap-3 bg-[var(--surface-muted)] p-3">
        {props.sidebar(close)}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className="outline-none">
        <div className="mx-auto max-w-[1200px] px-4 py-6 sm:px-8 sm:py-8">{props.children}</div>
      </AppShell.Main>
    </AppShell>
  )
}
