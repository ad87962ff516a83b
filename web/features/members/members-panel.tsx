'use client'

import { useQuery } from '@apollo/client/react'
import { Table } from '@mantine/core'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { MembersDocument, type Role } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'

const roleWords: Record<Role, string> = { OWNER: 'Owner', ADMIN: 'Admin', MEMBER: 'Member', VIEWER: 'Viewer' }

export function MembersPanel() {
  const { team } = useTeam()
  const { data, error, refetch } = useQuery(MembersDocument, { variables: { slug: team.slug } })
  return (
    <Panel title="Members" flush>
      {error && !data ? (
        <div className="p-4">
          <ErrorNotice title="The members could not be loaded" error={error} onRetry={() => void refetch()} />
        </div>
      ) : !data?.team ? (
        <LoadingRows rows={1} />
      ) : (
        <TableFrame label="Members" minWidth={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>E-mail</Table.Th>
              <Table.Th>Role</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.team.members.map(({ id, role, user }) => (
              <Table.Tr key={id}>
                <Table.Td fw={500}>{user.name}</Table.Td>
                <Table.Td>{user.email}</Table.Td>
                <Table.Td>{roleWords[role]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </TableFrame>
      )}
    </Panel>
  )
}
