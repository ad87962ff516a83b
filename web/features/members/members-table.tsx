'use client'

import { Table, Text, VisuallyHidden } from '@mantine/core'
import { formatDate } from '../../design/format-time.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import type { MemberRowFragment } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { MemberActions } from './member-actions.tsx'
import { RoleSelect } from './role-select.tsx'
import { mayChange, ROLE_WORDS } from './roles.ts'

export function MembersTable({ members, ownUserId }: { members: MemberRowFragment[]; ownUserId: string }) {
  const { team } = useTeam()
  return (
    <TableFrame label="Members" minWidth={620}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>E-mail</Table.Th>
          <Table.Th>Joined</Table.Th>
          <Table.Th w={150}>Role</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {members.map((member) => {
          const { id, role, joinedAt, user } = member
          const isSelf = user.id === ownUserId
          return (
            <Table.Tr key={id}>
              <Table.Td fw={500}>
                {user.name}
                {isSelf && (
                  <Text span size="sm" c="dimmed">
                    {' '}
                    (you)
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{user.email}</Table.Td>
              <Table.Td>{formatDate(joinedAt)}</Table.Td>
              <Table.Td>
                {mayChange(team.viewerRole, role) && !isSelf ? (
                  <RoleSelect member={member} />
                ) : (
                  ROLE_WORDS[role]
                )}
              </Table.Td>
              <Table.Td ta="right">
                <MemberActions member={member} isSelf={isSelf} />
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </TableFrame>
  )
}
