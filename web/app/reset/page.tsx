import type { Metadata } from 'next'
import { AccountPage } from '../../features/session/account-page.tsx'
import { ResetForm } from '../../features/session/reset-form.tsx'

export const metadata: Metadata = { title: 'New password' }

export default function Page() {
  return (
    <AccountPage>
      <ResetForm />
    </AccountPage>
  )
}
