'use client'

import { Button, Table, Text, VisuallyHidden } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconMailForward } from '@tabler/icons-react'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatInstant } from '../../design/format-time.ts'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { type InvitationRowFragment, RevokeInvitationDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { ROLE_WORDS } from './roles.ts'

/** Invitations that can still be accepted. */
export function InvitationsPanel({ invitations }: { invitations: InvitationRowFragment[] }) {
  return (
    <Panel title="Open invitations" flush>
      {invitations.length === 0 ? (
        <EmptyState icon={<IconMailForward size={22} />} title="Nobody is invited">
          Invite people by e-mail, or make a link that you hand on yourself.
        </EmptyState>
      ) : (
        <TableFrame label="Open invitations" minWidth={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>For</Table.Th>
              <Table.Th>As</Table.Th>
              <Table.Th>Invited by</Table.Th>
              <Table.Th>Used</Table.Th>
              <Table.Th>Open until</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {invitations.map((invitation) => (
              <Table.Tr key={invitation.id}>
                <Table.Td fw={500}>{nameOf(invitation)}</Table.Td>
                <Table.Td>{ROLE_WORDS[invitation.role]}</Table.Td>
                <Table.Td>{invitation.invitedBy.name}</Table.Td>
                <Table.Td>
                  {invitation.uses} of {invitation.maxUses}
                </Table.Td>
                <Table.Td>{formatInstant(invitation.expiresAt)}</Table.Td>
                <Table.Td ta="right">
                  <RevokeButton invitation={invitation} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </TableFrame>
      )}
    </Panel>
  )
}

function nameOf({ email }: InvitationRowFragment): string {
  return email ?? 'Whoever has the link'
}

function RevokeButton({ invitation }: { invitation: InvitationRowFragment }) {
  const [revoke, busy] = useMutationWithRetry(RevokeInvitationDocument, { refetchQueries: ['Members'] })
  const ask = () =>
    modals.openConfirmModal({
      title: 'Revoke this invitation?',
      children: <Text size="sm">Its link stops working. Whoever has joined by it stays.</Text>,
      labels: { confirm: 'Revoke it', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await revoke({ input: { invitationId: invitation.id } })
        for (const { message } of answer?.revokeInvitation.errors ?? [])
          notifications.show({ color: 'red', message })
      },
    })
  return (
    <Button
      variant="subtle"
      color="red"
      size="compact-sm"
      loading={busy}
      onClick={ask}
      aria-label={`Revoke the invitation for ${nameOf(invitation)}`}
    >
      Revoke
    </Button>
  )
}
