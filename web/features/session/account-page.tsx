import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '../../design/logo.tsx'

/** The quiet page around the sign-in and sign-up forms. */
export function AccountPage({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-4 py-10">
      <Link href="/" className="flex items-center gap-2 font-semibold text-inherit no-underline">
        <Logo /> Studyhall
      </Link>
      <div className="w-full max-w-[400px] rounded-xl border border-[var(--line)] bg-[var(--surface)] p-6 sm:p-8">
        {children}
      </div>
    </main>
  )
}
