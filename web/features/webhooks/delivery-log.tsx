'use client'

import { Button, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { Disclosure } from '../../design/disclosure.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { Panel } from '../../design/panel.tsx'
import { StatusMark } from '../../design/status-mark.tsx'
import { type DeliveryRowFragment, ReplayDeliveryDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../run-list/notify-problems.ts'
import { DELIVERY_STATES } from './webhook-words.ts'

type Attempt = DeliveryRowFragment['attempts'][number]

/** What a webhook was told, newest first, with what was sent and what came back. */
export function DeliveryLog(props: { deliveries: DeliveryRowFragment[]; mayReplay: boolean }) {
  return (
    <Panel title="Deliveries" note="The 50 newest; kept for 90 days." flush>
      {props.deliveries.length === 0 ? (
        <EmptyState icon={<IconSend size={22} />} title="Nothing was posted yet">
          Send a test event to see whether messages arrive.
        </EmptyState>
      ) : (
        <ul aria-label="Deliveries" className="m-0 list-none p-0">
          {props.deliveries.map((delivery) => (
            <li key={delivery.id} className="border-t border-[var(--line)] px-4 py-3 sm:px-5">
              <Delivery delivery={delivery} mayReplay={props.mayReplay} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Delivery({ delivery, mayReplay }: { delivery: DeliveryRowFragment; mayReplay: boolean }) {
  const { id, eventName, status, body, replayOfId, createdAt, nextAttemptAt, attempts } = delivery
  const { tone, words } = DELIVERY_STATES[status]
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
          <code className="font-mono text-sm">{eventName}</code>
          <StatusMark tone={tone}>{words}</StatusMark>
          <Text size="sm" c="dimmed" component="span">
            {formatAge(createdAt)}
            {replayOfId && ', sent again'}
          </Text>
        </span>
        {mayReplay && status !== 'PENDING' && <ReplayButton deliveryId={id} />}
      </div>
      <LastAttempt attempt={attempts.at(-1)} nextAttemptAt={nextAttemptAt} />
      <Disclosure label="Request and response">
        <div className="flex flex-col gap-3">
          <Code label="Request" text={pretty(body)} />
          {attempts.map((attempt) => (
            <Response key={attempt.number} attempt={attempt} />
          ))}
        </div>
      </Disclosure>
    </div>
  )
}

function LastAttempt({
  attempt,
  nextAttemptAt,
}: {
  attempt: Attempt | undefined
  nextAttemptAt: string | null
}) {
  if (!attempt?.failure) return null
  return (
    <Text size="sm" className="break-words">
      {attempt.failure}
      {nextAttemptAt && ` Tried again ${formatInstant(nextAttemptAt)}.`}
    </Text>
  )
}

function Response({ attempt }: { attempt: Attempt }) {
  const { number, startedAt, milliseconds, responseStatus, responseBody, failure } = attempt
  const answered = responseStatus === null ? (failure ?? '') : `Status ${responseStatus}`
  return (
    <div>
      <Text size="sm">
        Attempt {number}, {formatInstant(startedAt)}, {milliseconds} ms: {answered}
      </Text>
      {responseBody && <Code label={`Response ${number}`} text={responseBody} />}
    </div>
  )
}

function Code({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {label}
      </Text>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="m-0 max-h-80 overflow-auto rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-3 font-mono text-xs"
      >
        {text}
      </pre>
    </div>
  )
}

function ReplayButton({ deliveryId }: { deliveryId: string }) {
  const [replay, busy] = useMutationWithRetry(ReplayDeliveryDocument, { refetchQueries: ['WebhookPage'] })
  const again = async () => {
    const answer = await replay({ input: { webhookDeliveryId: deliveryId } })
    notifyProblems('It was not sent again', answer?.replayDelivery.errors)
  }
  return (
    <Button variant="subtle" size="compact-sm" loading={busy} onClick={() => void again()}>
      Send again
    </Button>
  )
}

/** What is sent is JSON without spaces. */
function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2)
}
