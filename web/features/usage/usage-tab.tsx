'use client'

import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { type DeviceHoursBy, InstanceUsageDocument } from '../../graphql/generated/operations.ts'
import { HoursPanel } from './hours-panel.tsx'
import { PricesPanel } from './prices-panel.tsx'
import { TeamLimitsPanel } from './team-limits-panel.tsx'
import { rangeOf } from './usage-lines.ts'

/** What the instance’s devices did, and what every team uses and may. */
export function UsageTab() {
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7))
  const [by, setBy] = useState<DeviceHoursBy>('TEAM')
  const { from, to } = rangeOf(month)
  const { data, previousData, error, refetch } = useQuery(InstanceUsageDocument, {
    variables: { from, to, by },
    fetchPolicy: 'cache-and-network',
  })
  const rows = (data ?? previousData)?.instance?.deviceHours
  return (
    <div className="flex flex-col gap-6">
      {!rows ? (
        <NotLoaded title="The usage could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <HoursPanel
          rows={rows}
          month={month}
          onMonth={setMonth}
          by={by}
          onBy={setBy}
          groupings={['TEAM', 'PERSON', 'DEVICE']}
        />
      )}
      <TeamLimitsPanel />
      <PricesPanel />
    </div>
  )
}
