'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Table } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconWebhook } from '@tabler/icons-react'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatAge } from '../../design/format-time.ts'
import { TextLink } from '../../design/link-button.tsx'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { StatusMark } from '../../design/status-mark.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { type WebhookFactsFragment, WebhooksDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { CreateWebhookDialog } from './create-webhook-dialog.tsx'
import { FORMAT_WORDS, stateOf } from './webhook-words.ts'

/** Where the team's events are posted. */
export function WebhooksPanel() {
  const { team, base } = useTeam()
  const { data, error, refetch } = useQuery(WebhooksDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const webhooks = data?.team?.webhooks
  const create = () =>
    modals.open({
      modalId: 'create-webhook',
      title: 'New webhook',
      size: 'lg',
      children: <CreateWebhookDialog teamId={team.id} />,
    })
  const button = (
    <Button variant="default" size="xs" onClick={create}>
      New webhook
    </Button>
  )
  return (
    <Panel
      title="Webhooks"
      note="Addresses to which the team’s events are posted."
      actions={webhooks && webhooks.length > 0 && button}
      flush
    >
      {!webhooks ? (
        <NotLoaded
          title="The webhooks could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          rows={1}
        />
      ) : webhooks.length === 0 ? (
        <EmptyState icon={<IconWebhook size={22} />} title="No webhooks" action={button}>
          Have a chat or a script told when runs end and datasets are ready.
        </EmptyState>
      ) : (
        <WebhooksTable webhooks={webhooks} base={base} />
      )}
    </Panel>
  )
}

function WebhooksTable({ webhooks, base }: { webhooks: WebhookFactsFragment[]; base: string }) {
  return (
    <TableFrame label="Webhooks" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Address</Table.Th>
          <Table.Th>Format</Table.Th>
          <Table.Th>Events</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {webhooks.map((webhook) => (
          <Table.Tr key={webhook.id}>
            <Table.Td className="max-w-72 break-all">
              <TextLink href={`${base}/settings/webhooks/${webhook.id}`} fw={500} size="sm">
                {webhook.url}
              </TextLink>
            </Table.Td>
            <Table.Td>{FORMAT_WORDS[webhook.format]}</Table.Td>
            <Table.Td>{webhook.kinds.length}</Table.Td>
            <Table.Td>
              <StatusMark tone={stateOf(webhook).tone}>{stateOf(webhook).words}</StatusMark>
            </Table.Td>
            <Table.Td>{formatAge(webhook.createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
