'use client'

import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ThemeChoice } from '../session/theme-choice.tsx'
import { OwnShell, type SignedIn } from '../shell/own-shell.tsx'
import { DeleteAccountPanel } from './delete-account-panel.tsx'
import { PasswordPanel } from './password-panel.tsx'
import { ProfilePanel } from './profile-panel.tsx'
import { SecondFactorPanel } from './second-factor-panel.tsx'
import { SessionsPanel } from './sessions-panel.tsx'

/** What belongs to a person and to no team. */
export function AccountSettingsPage() {
  return <OwnShell>{(viewer) => <AccountSettings viewer={viewer} />}</OwnShell>
}

function AccountSettings({ viewer }: { viewer: SignedIn }) {
  return (
    <>
      <PageHeader title="Account" note={viewer.user.email} />
      <div className="flex flex-col gap-6">
        <ProfilePanel name={viewer.user.name} email={viewer.user.email} />
        <PasswordPanel />
        <SecondFactorPanel isOn={viewer.twoFactorEnabled} />
        <SessionsPanel />
        <Panel title="Theme" note="On this device">
          <div className="max-w-72">
            <ThemeChoice />
          </div>
        </Panel>
        <DeleteAccountPanel />
      </div>
    </>
  )
}
