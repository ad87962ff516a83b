'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { countOf, formatBytes } from '../../design/format-numbers.ts'
import { formatDate, formatInstant } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import { SearchField } from '../../forms/search-field.tsx'
import { type InstanceTeamRowFragment, InstanceTeamsDocument } from '../../graphql/generated/operations.ts'
import { TeamName } from './team-name.tsx'

const PAGE = 50

/** All teams: how much of each there is, and nothing of what it is. */
export function TeamsTab() {
  const [search, setSearch] = useUrlParameter('search')
  const { data, error, refetch, fetchMore } = useQuery(InstanceTeamsDocument, {
    variables: { first: PAGE, search: search ?? '' },
    fetchPolicy: 'cache-and-network',
  })
  const teams = data?.instance?.teams
  return (
    <Panel
      title="Teams"
      note={
        teams && countOf(teams.totalCount, search ? 'team found' : 'team', search ? 'teams found' : 'teams')
      }
      actions={<SearchField label="Name or address" value={search ?? ''} onSearch={setSearch} />}
      flush
    >
      {!teams ? (
        <NotLoaded title="The teams could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : teams.edges.length === 0 ? (
        <Text size="sm" c="dimmed" className="px-5 py-6">
          {search ? `No team has “${search}” in its name or address.` : 'There is no team.'}
        </Text>
      ) : (
        <>
          <TeamsTable teams={teams.edges.map(({ node }) => node)} />
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

function TeamsTable({ teams }: { teams: InstanceTeamRowFragment[] }) {
  return (
    <TableFrame label="Teams" minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Team</Table.Th>
          <Table.Th>Members</Table.Th>
          <Table.Th>Runs</Table.Th>
          <Table.Th>Stored</Table.Th>
          <Table.Th>Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {teams.map(({ id, name, slug, members, runs, runsInHand, stored, createdAt, deletionDueAt }) => (
          <Table.Tr key={id}>
            <Table.Td className="max-w-64 break-words">
              <TeamName name={name} slug={slug} />
              {deletionDueAt && (
                <Text size="xs" c="red">
                  deleted on {formatInstant(deletionDueAt)}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{members}</Table.Td>
            <Table.Td>
              {runs}
              {runsInHand > 0 && `, ${runsInHand} training`}
            </Table.Td>
            <Table.Td>{formatBytes(stored.total)}</Table.Td>
            <Table.Td>{formatDate(createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
