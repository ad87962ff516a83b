'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { formatBytes } from '../../design/format-numbers.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { InstanceStorageDocument, type StoredByKindFragment } from '../../graphql/generated/operations.ts'
import { TeamName } from './team-name.tsx'

const KINDS = [
  ['uploads', 'Uploads'],
  ['datasets', 'Datasets'],
  ['checkpoints', 'Checkpoints'],
  ['models', 'Models'],
  ['total', 'All'],
] as const

/** What is stored, by kind, and by whom: those first that store most. */
export function StorageTab() {
  const { data, error, refetch } = useQuery(InstanceStorageDocument, { fetchPolicy: 'cache-and-network' })
  const storage = data?.instance?.storage
  return (
    <Panel
      title="Storage"
      note="By kind, and by team: at most 100, those first that store most. Equal files of several teams lie there once, and count for each."
      flush
    >
      {!storage ? (
        <NotLoaded title="What is stored could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <TableFrame label="Storage" minWidth={680}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Team</Table.Th>
              {KINDS.map(([kind, label]) => (
                <Table.Th key={kind}>{label}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Td>
                <Text size="sm" fw={500}>
                  All teams
                </Text>
              </Table.Td>
              <Bytes stored={storage.all} />
            </Table.Tr>
            {storage.teams.map(({ id, name, slug, stored }) => (
              <Table.Tr key={id}>
                <Table.Td className="max-w-64 break-words">
                  <TeamName name={name} slug={slug} />
                </Table.Td>
                <Bytes stored={stored} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </TableFrame>
      )}
    </Panel>
  )
}

function Bytes({ stored }: { stored: StoredByKindFragment }) {
  return KINDS.map(([kind]) => (
    <Table.Td key={kind}>{stored[kind] === 0 ? '–' : formatBytes(stored[kind])}</Table.Td>
  ))
}
