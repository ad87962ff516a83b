'use client'

import { IconGauge, IconListSearch } from '@tabler/icons-react'
import { LinkButton } from '../../design/link-button.tsx'
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
  const { team, base, mayAdminister } = useTeam()
  const mayReadLog = team.viewerRole === 'OWNER' || team.viewerRole === 'ADMIN'
  return (
    <>
      <PageHeader
        title="Settings"
        note={`${team.name}, at /${team.slug}`}
        actions={
          <>
            <LinkButton href={`${base}/usage`} variant="default" leftSection={<IconGauge size={16} />}>
              Usage
            </LinkButton>
            {mayReadLog && (
              <LinkButton href={`${base}/audit`} variant="default" leftSection={<IconListSearch size={16} />}>
                Audit log
              </LinkButton>
            )}
          </>
        }
      />
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
