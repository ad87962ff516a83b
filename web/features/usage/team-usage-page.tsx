'use client'

import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { Facts } from '../../design/facts.tsx'
import { formatBytes } from '../../design/format-numbers.ts'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { type DeviceHoursBy, TeamUsageDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { HoursPanel } from './hours-panel.tsx'
import { QuotaTable } from './quota-table.tsx'
import { rangeOf } from './usage-lines.ts'

const STORED = [
  ['uploads', 'Uploads'],
  ['datasets', 'Packed images'],
  ['checkpoints', 'Checkpoints'],
  ['models', 'Models and exports'],
] as const

/** What a team uses, and how much of it it may. */
export function TeamUsagePage() {
  const { team, base } = useTeam()
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7))
  const [by, setBy] = useState<DeviceHoursBy>('PERSON')
  const { from, to } = rangeOf(month)
  const { data, previousData, error, refetch } = useQuery(TeamUsageDocument, {
    variables: { slug: team.slug, from, to, by },
    fetchPolicy: 'cache-and-network',
  })
  const usage = (data ?? previousData)?.team
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/settings`}>Settings</BackLink>}
        title="Usage"
        note="What the team stores and trains, and its limits, which whoever administers this instance sets"
      />
      {error && !usage ? (
        <ErrorNotice title="The usage could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !usage ? (
        <LoadingRows />
      ) : (
        <div className="flex flex-col gap-6">
          <Panel title="Limits" flush>
            <QuotaTable quotas={usage.quotas} />
          </Panel>
          <Panel title="Stored">
            <Facts facts={STORED.map(([kind, label]) => [label, formatBytes(usage.storedBytes[kind])])} />
          </Panel>
          <HoursPanel
            rows={usage.deviceHours}
            month={month}
            onMonth={setMonth}
            by={by}
            onBy={setBy}
            groupings={['PERSON', 'COHORT', 'DEVICE']}
          />
        </div>
      )}
    </>
  )
}
