'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Table, Text, VisuallyHidden } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconRobot } from '@tabler/icons-react'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatAge } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import {
  DeleteServiceAccountDocument,
  type ServiceAccountRowFragment,
  ServiceAccountsDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { Beside } from './beside.tsx'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { CreateServiceAccountDialog } from './create-service-account-dialog.tsx'

/** Members that are machines; only admins see them. */
export function ServiceAccountsPanel() {
  const { team } = useTeam()
  const { data, error, refetch } = useQuery(ServiceAccountsDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const accounts = data?.team?.serviceAccounts
  const create = () =>
    modals.open({
      modalId: 'create-service-account',
      title: 'New service account',
      children: <CreateServiceAccountDialog teamId={team.id} />,
    })
  return (
    <Panel
      title="Service accounts"
      note="For machines. Their keys go on when whoever made them leaves the team."
      actions={
        <Button variant="default" size="xs" onClick={create}>
          New service account
        </Button>
      }
      flush
    >
      {!accounts ? (
        <NotLoaded
          title="The service accounts could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          rows={2}
        />
      ) : accounts.length === 0 ? (
        <EmptyState icon={<IconRobot size={22} />} title="No service accounts">
          Create one for what runs without you: a nightly training, a CI job, a camera that uploads.
        </EmptyState>
      ) : (
        <AccountsTable accounts={accounts} />
      )}
    </Panel>
  )
}

function AccountsTable({ accounts }: { accounts: ServiceAccountRowFragment[] }) {
  return (
    <TableFrame label="Service accounts" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Role</Table.Th>
          <Table.Th>Created</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {accounts.map((account) => (
          <Table.Tr key={account.id}>
            <Table.Td fw={500}>{account.name}</Table.Td>
            <Table.Td>{account.role.toLowerCase()}</Table.Td>
            <Table.Td>
              {formatAge(account.createdAt)}
              <Beside>by {account.createdBy.name}</Beside>
            </Table.Td>
            <Table.Td ta="right">
              <AccountActions account={account} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function AccountActions({ account }: { account: ServiceAccountRowFragment }) {
  const { team } = useTeam()
  const refetchQueries = ['ServiceAccounts', 'ApiKeys']
  const [remove, busy] = useMutationWithRetry(DeleteServiceAccountDocument, { refetchQueries })
  const makeKey = () =>
    modals.open({
      modalId: 'create-key',
      title: `New API key of “${account.name}”`,
      children: <CreateKeyDialog teamId={team.id} account={account} />,
    })
  const ask = () =>
    modals.openConfirmModal({
      title: `Delete “${account.name}”?`,
      children: <Text size="sm">Its keys stop working at once. Runs that it started stay, by its name.</Text>,
      labels: { confirm: 'Delete service account', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await remove({ input: { serviceAccountId: account.id } })
        for (const { message } of answer?.deleteServiceAccount.errors ?? [])
          notifications.show({ color: 'red', message })
      },
    })
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={makeKey} aria-label={`New key of ${account.name}`}>
        New key
      </Button>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        loading={busy}
        onClick={ask}
        aria-label={`Delete ${account.name}`}
      >
        Delete
      </Button>
    </>
  )
}
