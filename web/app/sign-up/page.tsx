import type { Metadata } from 'next'
import { AccountForm } from '../../features/session/account-form.tsx'
import { AccountPage } from '../../features/session/account-page.tsx'
import { safeNextPath } from '../../features/session/sign-in-path.ts'

export const metadata: Metadata = { title: 'Create your account' }

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>
}) {
  return (
    <AccountPage>
      <AccountForm mode="sign-up" nextPath={safeNextPath((await searchParams).next)} />
    </AccountPage>
  )
}
