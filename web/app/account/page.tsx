import type { Metadata } from 'next'
import { AccountSettingsPage } from '../../features/account/account-settings-page.tsx'

export const metadata: Metadata = { title: 'Account' }

export default function Page() {
  return <AccountSettingsPage />
}
