'use client'

import { useQuery } from '@apollo/client/react'
import { Alert } from '@mantine/core'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { type Fact, Facts } from '../../design/facts.tsx'
import { formatInstant } from '../../design/format-time.ts'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { StatusMark } from '../../design/status-mark.tsx'
import { type WebhookFactsFragment, WebhookPageDocument } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { useTeam } from '../../team-scope.ts'
import { DeliveryLog } from './delivery-log.tsx'
import { EditWebhookPanel } from './edit-webhook-panel.tsx'
import { WebhookActions } from './webhook-actions.tsx'
import { FORMAT_WORDS, stateOf } from './webhook-words.ts'

const POLL_MS = 2_000

/** A webhook: where it posts what, and how that went. */
export function WebhookPage({ id }: { id: string }) {
  const { base } = useTeam()
  const query = useQuery(WebhookPageDocument, { variables: { id }, fetchPolicy: 'cache-and-network' })
  const { data, error, refetch } = query
  const webhook = data?.node?.__typename === 'Webhook' ? data.node : null
  const isMoving = webhook?.deliveries.nodes.some(({ status }) => status === 'PENDING') ?? false
  usePollWhile(query, isMoving, POLL_MS)
  if (!webhook && data && !query.loading) return <MissingPage what="webhook" href={`${base}/settings`} />
  if (!webhook)
    return error ? (
      <ErrorNotice title="The webhook could not be loaded" error={error} onRetry={() => void refetch()} />
    ) : (
      <LoadingRows rows={4} />
    )
  const { tone, words } = stateOf(webhook)
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/settings`}>Settings</BackLink>}
        title={
          <>
            Webhook
            <StatusMark tone={tone}>{words}</StatusMark>
          </>
        }
        note={<span className="break-all">{webhook.url}</span>}
        actions={<WebhookActions webhook={webhook} />}
      />
      <div className="flex flex-col gap-6">
        <WhyDisabled webhook={webhook} />
        <Panel>
          <Facts facts={factsOf(webhook)} />
        </Panel>
        <DeliveryLog deliveries={webhook.deliveries.nodes} mayReplay={!webhook.disabledAt} />
        <EditWebhookPanel key={webhook.url} webhook={webhook} />
      </div>
    </>
  )
}

function WhyDisabled({ webhook: { disabledAt, failingSince } }: { webhook: WebhookFactsFragment }) {
  if (!disabledAt || !failingSince) return null
  return (
    <Alert color="red" variant="light" title="It failed for a day, and nothing is posted any more">
      The last messages below say why. Enable it again once its receiver works.
    </Alert>
  )
}

function factsOf(webhook: WebhookFactsFragment): Fact[] {
  const { format, createdBy, createdAt, failingSince, previousSecretUntil } = webhook
  return [
    ['Format', FORMAT_WORDS[format]],
    ['Created', `${formatInstant(createdAt)}${createdBy ? ` by ${createdBy.name}` : ''}`],
    ['Failing since', failingSince ? formatInstant(failingSince) : 'it does not'],
    [
      'Signed by',
      previousSecretUntil ? `both secrets until ${formatInstant(previousSecretUntil)}` : 'its secret',
    ],
  ]
}
