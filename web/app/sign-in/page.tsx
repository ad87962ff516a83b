import type { Metadata } from 'next'
import { AccountPage } from '../../features/session/account-page.tsx'
import { SignInEntry } from '../../features/session/sign-in-entry.tsx'
import { safeNextPath } from '../../features/session/sign-in-path.ts'

export const metadata: Metadata = { title: 'Sign in' }

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[]; error?: string | string[] }>
}) {
  const { next, error } = await searchParams
  return (
    <AccountPage>
      <SignInEntry nextPath={safeNextPath(next)} problem={typeof error === 'string' ? error : null} />
    </AccountPage>
  )
}
