'use client'

import { PageHeader } from '../../design/page-header.tsx'
import { useTeam } from '../../team-scope.ts'
import { ApiKeysPanel } from '../api-keys/api-keys-panel.tsx'
import { CurlExample } from '../api-keys/curl-example.tsx'
import { MembersPanel } from '../members/members-panel.tsx'

export function SettingsPage() {
  const { team } = useTeam()
  return (
    <>
      <PageHeader title="Settings" note={`${team.name}, at /${team.slug}`} />
      <div className="flex flex-col gap-6">
        <MembersPanel />
        <ApiKeysPanel />
        <CurlExample />
      </div>
    </>
  )
}
