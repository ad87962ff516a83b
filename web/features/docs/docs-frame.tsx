import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '../../design/logo.tsx'
import { DOC_PAGES } from './doc-pages.ts'
import { DocsSearch } from './docs-search.tsx'

/** The menu and the search beside a page, above it on a narrow screen. */
export function DocsFrame({ slug, children }: { slug: string; children: ReactNode }) {
  return (
    <>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <header className="flex items-center gap-4 border-b border-[var(--line)] bg-[var(--surface-muted)] px-4 py-2 sm:px-8">
        <Link
          href="/"
          className="flex min-h-9 items-center gap-2 font-semibold whitespace-nowrap text-inherit no-underline"
        >
          <Logo /> Studyhall
        </Link>
        <span>Documentation</span>
      </header>
      <div className="mx-auto grid max-w-[1200px] gap-8 px-4 py-6 sm:px-8 md:grid-cols-[220px_minmax(0,1fr)]">
        <div>
          <DocsSearch />
          <nav aria-label="Documentation">
            <ul className="m-0 flex list-none flex-wrap gap-0.5 p-0 md:flex-col">
              {DOC_PAGES.map((page) => (
                <li key={page.slug}>
                  <Link
                    href={`/docs/${page.slug}`}
                    // Some are long, and few are read.
                    prefetch={false}
                    aria-current={page.slug === slug ? 'page' : undefined}
                    className={`flex min-h-9 items-center rounded-md px-2.5 text-sm text-inherit no-underline hover:bg-[var(--hover)] ${page.slug === slug ? 'bg-[var(--hover)] font-medium' : ''}`}
                  >
                    {page.title}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        <main id="main" tabIndex={-1} className="docs min-w-0 break-words outline-none">
          {children}
        </main>
      </div>
    </>
  )
}
