import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '../../design/logo.tsx'

interface Props {
  isNarrow: boolean
  note?: string
  children: ReactNode
}

/** Around shared pages: nothing leads from them into a team. */
export function SharedFrame({ isNarrow, note = 'Shared, to read', children }: Props) {
  return (
    <>
      <header className="flex items-center justify-between gap-4 border-b border-[var(--line)] bg-[var(--surface-muted)] px-4 py-2 sm:px-8">
        <Link
          href="/"
          className="flex min-h-9 items-center gap-2 font-semibold whitespace-nowrap text-inherit no-underline"
        >
          <Logo /> Studyhall
        </Link>
        <span className="text-sm text-[var(--mantine-color-dimmed)]">{note}</span>
      </header>
      <main className={`mx-auto px-4 py-6 sm:px-8 sm:py-8 ${isNarrow ? 'max-w-[480px]' : 'max-w-[1100px]'}`}>
        {children}
      </main>
    </>
  )
}
