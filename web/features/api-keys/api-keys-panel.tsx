'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Table, Text, VisuallyHidden } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconKey } from '@tabler/icons-react'
import { SCOPE_WORDS } from '../../../contract/key-scopes.ts'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatAge, formatDate } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import {
  type ApiKeyRowFragment,
  ApiKeysDocument,
  RevokeApiKeyDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { Beside } from './beside.tsx'
import { CreateKeyDialog } from './create-key-dialog.tsx'

type Budget = NonNullable<ApiKeyRowFragment['budget']>

/** The team's keys for scripts. */
export function ApiKeysPanel() {
  const { team, mayAdminister } = useTeam()
  const { data, error, refetch } = useQuery(ApiKeysDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const keys = data?.team?.apiKeys
  const create = () =>
    modals.open({
      modalId: 'create-key',
      title: 'New API key',
      children: <CreateKeyDialog teamId={team.id} />,
    })
  const button = mayAdminister && (
    <Button variant="default" size="xs" onClick={create}>
      New API key
    </Button>
  )
  return (
    <Panel
      title="API keys"
      note="For scripts. A key acts in this team, as far as its scopes go."
      actions={button}
      flush
    >
      {!keys ? (
        <NotLoaded
          title="The keys could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          rows={2}
        />
      ) : keys.length === 0 ? (
        <EmptyState icon={<IconKey size={22} />} title="No API keys">
          {mayAdminister
            ? 'Create one to upload, train and download from a script.'
            : 'Only admins can see API keys.'}
        </EmptyState>
      ) : (
        <KeysTable keys={keys} />
      )}
    </Panel>
  )
}

function KeysTable({ keys }: { keys: ApiKeyRowFragment[] }) {
  return (
    <TableFrame label="API keys" minWidth={820}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Begins with</Table.Th>
          <Table.Th>May</Table.Th>
          <Table.Th>Created</Table.Th>
          <Table.Th>Last used</Table.Th>
          <Table.Th>Expires</Table.Th>
          <Table.Th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => (
          <Table.Tr key={key.id}>
            <Table.Td>
              <Text size="sm" fw={500}>
                {key.name}
              </Text>
              {key.user.isServiceAccount && <Beside>of {key.user.name}</Beside>}
            </Table.Td>
            <Table.Td>
              <code className="font-mono text-xs">{key.prefix}…</code>
            </Table.Td>
            <Table.Td>
              {key.scopes.map((scope) => SCOPE_WORDS[scope].title.toLowerCase()).join(', ')}
              {key.budget && <Beside>{budgetWords(key.budget)}</Beside>}
            </Table.Td>
            <Table.Td>
              {formatAge(key.createdAt)}
              <Beside>by {key.createdBy.name}</Beside>
            </Table.Td>
            <Table.Td>
              {key.lastUsedAt ? formatAge(key.lastUsedAt) : 'never'}
              {key.lastUsedAddress && <Beside>from {key.lastUsedAddress}</Beside>}
            </Table.Td>
            <Table.Td>{key.expiresAt ? formatDate(key.expiresAt) : 'never'}</Table.Td>
            <Table.Td ta="right">
              <RevokeButton apiKey={key} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

/** `3 of 10 runs, 12 of 60 min`. */
function budgetWords({ maxRuns, runsStarted, maxDeviceMinutes, deviceMinutesUsed }: Budget): string {
  return [
    maxRuns !== null && `${runsStarted} of ${maxRuns} runs`,
    maxDeviceMinutes !== null && `${Math.floor(deviceMinutesUsed)} of ${maxDeviceMinutes} min`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}

function RevokeButton({ apiKey }: { apiKey: ApiKeyRowFragment }) {
  const [revoke, busy] = useMutationWithRetry(RevokeApiKeyDocument, { refetchQueries: ['ApiKeys'] })
  const ask = () =>
    modals.openConfirmModal({
      title: `Revoke “${apiKey.name}”?`,
      children: <Text size="sm">Scripts that use it will stop working. This cannot be undone.</Text>,
      labels: { confirm: 'Revoke key', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await revoke({ input: { apiKeyId: apiKey.id } })
        for (const { message } of answer?.revokeApiKey.errors ?? [])
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
      aria-label={`Revoke ${apiKey.name}`}
    >
      Revoke
    </Button>
  )
}
