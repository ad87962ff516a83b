'use client'

import { useQuery } from '@apollo/client/react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { Logo } from '../../design/logo.tsx'
import { setTimeZone } from '../../design/time-zone.ts'
import { ViewerDocument, type ViewerQuery } from '../../graphql/generated/operations.ts'
import { Bell } from '../notices/bell.tsx'
import { useNoticesLive } from '../notices/use-notices-live.ts'
import { signInPath } from '../session/sign-in-path.ts'
import { UserMenu } from './user-menu.tsx'

export type SignedIn = NonNullable<ViewerQuery['viewer']>

/** Around the pages that belong to a person, or to the instance, and to no team. */
export function OwnShell({
  isWide = false,
  children,
}: {
  isWide?: boolean
  children: (viewer: SignedIn) => ReactNode
}) {
  const { data, error, refetch } = useQuery(ViewerDocument)
  const router = useRouter()
  const signedOut = data !== undefined && data.viewer === null
  useEffect(() => {
    if (signedOut) router.replace(signInPath(location))
  }, [signedOut, router])
  const viewer = data?.viewer
  setTimeZone(viewer?.timeZone ?? null)
  return (
    <>
      <header className="flex items-center justify-between gap-4 border-b border-[var(--line)] bg-[var(--surface-muted)] px-4 py-2 sm:px-8">
        <Link
          href="/"
          className="flex min-h-9 items-center gap-2 font-semibold whitespace-nowrap text-inherit no-underline"
        >
          <Logo /> Studyhall
        </Link>
        {viewer && (
          <div className="flex min-w-0 items-center gap-1">
            <OwnBell />
            <div className="min-w-0 max-w-56">
              <UserMenu viewer={viewer} position="bottom-end" />
            </div>
          </div>
        )}
      </header>
      <main className={`mx-auto px-4 py-6 sm:px-8 sm:py-8 ${isWide ? 'max-w-[1600px]' : 'max-w-[880px]'}`}>
        {error && !data ? (
          <ErrorNotice title="The page could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : viewer ? (
          children(viewer)
        ) : (
          <LoadingRows />
        )}
      </main>
    </>
  )
}

/** Only somebody who is signed in has one. */
function OwnBell() {
  return <Bell unread={useNoticesLive()} position="bottom-end" />
}
