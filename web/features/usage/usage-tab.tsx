import { useQuery } from '@apollo/client/react'
import { Button, Table } from '@mantine/core'
import { useState } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import {
  InstanceUsageDocument,
  type InstanceUsageQuery,
  type QuotaKind,
  type QuotaRowFragment,
} from '../../graphql/generated/operations.ts'
import { HoursPanel } from './hours-panel.tsx'
import { openQuotaForm } from './quota-form.tsx'
import { formatQuota, quotaName } from './quota-words.ts'
import { rangeOf } from './usage-lines.ts'

const SHOWN: QuotaKind[] = ['STORED_BYTES', 'DEVICE_HOURS', 'RUNS_AT_ONCE']

/** What every team uses, and how much of it it may. */
export function UsageTab() {
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7))
  const { from, to } = rangeOf(month)
  const { data, previousData, error, refetch } = useQuery(InstanceUsageDocument, {
    variables: { from, to },
    fetchPolicy: 'cache-and-network',
  })
  const usage = (data ?? previousData)?.instance
  if (error && !usage)
    return <ErrorNotice title="The usage could not be loaded" error={error} onRetry={() => void refetch()} />
  if (!usage) return <LoadingRows />
  return (
    <div className="flex flex-col gap-6">
      <Panel title="Teams" note="The first 200 by name, with what each uses and how much it may" flush>
        <TeamsTable teams={usage.teamQuotas} />
      </Panel>
      <HoursPanel
        rows={usage.deviceHours}
        month={month}
        onMonth={setMonth}
        groupings={['team', 'person', 'cohort', 'device']}
      />
    </div>
  )
}

type Teams = NonNullable<InstanceUsageQuery['instance']>['teamQuotas']

function TeamsTable({ teams }: { teams: Teams }) {
  return (
    <TableFrame label="Teams" minWidth={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Team</Table.Th>
          {SHOWN.map((kind) => (
            <Table.Th key={kind} ta="right">
              {quotaName(kind)}
            </Table.Th>
          ))}
          <Table.Th ta="right">Limits</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {teams.map(({ team, quotas }) => (
          <Table.Tr key={team.id}>
            <Table.Td fw={500}>{team.name}</Table.Td>
            {SHOWN.map((kind) => (
              <Table.Td key={kind} ta="right">
                {usedOf(quotas.find((quota) => quota.kind === kind))}
              </Table.Td>
            ))}
            <Table.Td ta="right">
              <Button size="compact-sm" variant="default" onClick={() => openQuotaForm({ team, quotas })}>
                Change<span className="sr-only">&nbsp;the limits of {team.name}</span>
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function usedOf(quota: QuotaRowFragment | undefined): string {
  if (!quota) return '–'
  const { kind, used, hard } = quota
  return hard == null ? formatQuota(kind, used) : `${formatQuota(kind, used)} of ${formatQuota(kind, hard)}`
}
