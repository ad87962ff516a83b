'use client'

import { useQuery } from '@apollo/client/react'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { SignInDocument } from '../../graphql/generated/operations.ts'
import { NoticeChoicesPanel } from '../notices/notice-choices-panel.tsx'
import { ThemeChoice } from '../session/theme-choice.tsx'
import { OwnShell, type SignedIn } from '../shell/own-shell.tsx'
import { DeleteAccountPanel } from './delete-account-panel.tsx'
import { NoPasswordPanel } from './no-password-panel.tsx'
import { PasswordPanel } from './password-panel.tsx'
import { ProfilePanel } from './profile-panel.tsx'
import { ProviderPanel } from './provider-panel.tsx'
import { SecondFactorPanel } from './second-factor-panel.tsx'
import { SessionsPanel } from './sessions-panel.tsx'
import { TimeZonePanel } from './time-zone-panel.tsx'

/** What belongs to a person and to no team. */
export function AccountSettingsPage() {
  return <OwnShell>{(viewer) => <AccountSettings viewer={viewer} />}</OwnShell>
}

function AccountSettings({ viewer }: { viewer: SignedIn }) {
  const { user, hasPassword, isLinkedToProvider, twoFactorEnabled } = viewer
  const options = useQuery(SignInDocument).data?.signIn
  const provider = options?.provider ?? null
  const passwordsCount = options?.passwords ?? true
  return (
    <>
      <PageHeader title="Account" note={user.email} />
      <div className="flex flex-col gap-6">
        <ProfilePanel name={user.name} email={user.email} hasPassword={hasPassword} />
        <TimeZonePanel timeZone={viewer.timeZone} />
        {provider && (
          <ProviderPanel
            provider={provider}
            isLinked={isLinkedToProvider}
            canUnlink={hasPassword && passwordsCount}
          />
        )}
        {hasPassword && passwordsCount ? (
          <>
            <PasswordPanel />
            <SecondFactorPanel isOn={twoFactorEnabled} />
          </>
        ) : (
          <NoPasswordPanel provider={provider ?? 'the provider'} canHaveOne={passwordsCount} />
        )}
        <SessionsPanel />
        <NoticeChoicesPanel />
        <Panel title="Theme" note="On this device">
          <div className="max-w-72">
            <ThemeChoice />
          </div>
        </Panel>
        <DeleteAccountPanel hasPassword={hasPassword} />
      </div>
    </>
  )
}
