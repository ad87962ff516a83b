'use client'

import { Kbd, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { openCommandPalette } from './command-palette.tsx'
import { teamPages } from './pages.ts'

/** The sidebar's middle: the search button and the team's pages. */
export function Navigation({ base, onNavigate }: { base: string; onNavigate: () => void }) {
  const pathname = usePathname()
  return (
    <div className="flex flex-1 flex-col gap-3 overflow-y-auto">
      <UnstyledButton
        onClick={openCommandPalette}
        className="flex min-h-9 items-center gap-2.5 rounded-md border border-[var(--line)] bg-[var(--surface)] px-2.5 text-sm text-[var(--mantine-color-dimmed)] hover:border-[var(--mantine-color-dimmed)]"
      >
        <IconSearch size={16} aria-hidden />
        <span className="flex-1">Find</span>
        <Kbd size="xs" aria-hidden>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <nav aria-label="Team">
        <ul className="m-0 flex list-none flex-col gap-0.5 p-0">
          {teamPages.map(({ path, label, icon: Icon }) => {
            const href = base + path
            const here = path === '' ? pathname === base : pathname.startsWith(href)
            return (
              <li key={path}>
                <Link
                  href={href}
                  onClick={onNavigate}
                  aria-current={here ? 'page' : undefined}
                  className={`flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-sm no-underline ${
                    here
                      ? 'bg-[var(--hover)] font-medium text-[var(--mantine-color-text)]'
                      : 'text-[var(--mantine-color-dimmed)] hover:bg-[var(--hover)] hover:text-[var(--mantine-color-text)]'
                  }`}
                >
                  <Icon size={18} stroke={1.6} aria-hidden /> {label}
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
    </div>
  )
}
