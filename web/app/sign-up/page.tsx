import type { Metadata } from 'next'
import { AccountPage } from '../../features/session/account-page.tsx'
import { safeNextPath } from '../../features/session/sign-in-path.ts'
import { SignUpEntry } from '../../features/session/sign-up-entry.tsx'

export const metadata: Metadata = { title: 'Create your account' }

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>
}) {
  return (
    <AccountPage>
      <SignUpEntry nextPath={safeNextPath((await searchParams).next)} />
    </AccountPage>
  )
}
