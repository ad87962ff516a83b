'use client'

import { PageHeader } from '../../design/page-header.tsx'
import { useTeam } from '../../team-scope.ts'
import { ApiKeysPanel } from '../api-keys/api-keys-panel.tsx'
import { CurlExample } from '../api-keys/curl-example.tsx'
import { ServiceAccountsPanel } from '../api-keys/service-accounts-panel.tsx'
import { ShareLinksPanel } from '../sharing/share-links-panel.tsx'
import { WebhooksPanel } from '../webhooks/webhooks-panel.tsx'
import { DeleteTeamPanel } from './delete-team-panel.tsx'
import { NamePanel } from './name-panel.tsx'

export function SettingsPage() {
  const { team, mayAdminister } = useTeam()
  return (
    <>
      <PageHeader title="Settings" note={`${team.name}, at /${team.slug}`} />
      <div className="flex flex-col gap-6">
        {mayAdminister && <NamePanel />}
        <ApiKeysPanel />
        {mayAdminister && <ServiceAccountsPanel />}
        {mayAdminister && <WebhooksPanel />}
        <CurlExample />
        {mayAdminister && <ShareLinksPanel />}
        {team.viewerRole === 'OWNER' && !team.deletionDueAt && <DeleteTeamPanel />}
      </div>
    </>
  )
}
