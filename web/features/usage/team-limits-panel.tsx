'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Table, Text } from '@mantine/core'
import { countOf } from '../../design/format-numbers.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import { SearchField } from '../../forms/search-field.tsx'
import {
  InstanceQuotasDocument,
  type InstanceQuotasQuery,
  type QuotaKind,
  type QuotaRowFragment,
} from '../../graphql/generated/operations.ts'
import { openQuotaForm } from './quota-form.tsx'
import { formatQuota, quotaName } from './quota-words.ts'

const PAGE = 50
const SHOWN: QuotaKind[] = ['STORED_BYTES', 'DEVICE_HOURS', 'RUNS_AT_ONCE']

/** What each team uses, how much of it it may, and the form that changes that. */
export function TeamLimitsPanel() {
  const [search, setSearch] = useUrlParameter('search')
  const { data, error, refetch, fetchMore } = useQuery(InstanceQuotasDocument, {
    variables: { first: PAGE, search: search ?? '' },
    fetchPolicy: 'cache-and-network',
  })
  const teams = data?.instance?.teams
  return (
    <Panel
      title="Limits"
      note={
        teams && countOf(teams.totalCount, search ? 'team found' : 'team', search ? 'teams found' : 'teams')
      }
      actions={<SearchField label="Name or address" value={search ?? ''} onSearch={setSearch} />}
      flush
    >
      {!teams ? (
        <NotLoaded title="The limits could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : teams.edges.length === 0 ? (
        <Text size="sm" c="dimmed" className="px-5 py-6">
          {search ? `No team has “${search}” in its name or address.` : 'There is no team.'}
        </Text>
      ) : (
        <>
          <LimitsTable teams={teams.edges.map(({ node }) => node)} />
          <ShowMore
            page={teams.pageInfo}
            shown={teams.edges.length}
            total={teams.totalCount}
            onMore={(after) => void fetchMore({ variables: { after } })}
          />
        </>
      )}
    </Panel>
  )
}

type Teams = NonNullable<InstanceQuotasQuery['instance']>['teams']['edges'][number]['node'][]

function LimitsTable({ teams }: { teams: Teams }) {
  return (
    <TableFrame label="Limits" minWidth={720}>
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
        {teams.map((team) => (
          <Table.Tr key={team.id}>
            <Table.Td fw={500} className="max-w-64 break-words">
              {team.name}
            </Table.Td>
            {SHOWN.map((kind) => (
              <Table.Td key={kind} ta="right">
                {usedOf(team.quotas.find((quota) => quota.kind === kind))}
              </Table.Td>
            ))}
            <Table.Td ta="right">
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => openQuotaForm({ team, quotas: team.quotas })}
              >
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
