'use client'

import { Button, Menu, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconDots, IconSend } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import {
  DeleteWebhookDocument,
  RotateWebhookSecretDocument,
  SendTestEventDocument,
  UpdateWebhookDocument,
  type WebhookFactsFragment,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { notifyProblems } from '../run-list/notify-problems.ts'
import { WebhookSecret } from './webhook-secret.tsx'

const NEW_SECRET_NOTE =
  'For 24 hours messages are signed by the old one, too, so that nothing is lost while the receiver learns the new one. It will not be shown again.'

/** Tries it, enables and disables it, replaces its secret, deletes it. */
export function WebhookActions({ webhook }: { webhook: WebhookFactsFragment }) {
  const { id, disabledAt } = webhook
  const refetch = { refetchQueries: ['WebhookPage'] }
  const [send, sending] = useMutationWithRetry(SendTestEventDocument, refetch)
  const [update, updating] = useMutationWithRetry(UpdateWebhookDocument, refetch)
  const test = async () => {
    const answer = await send({ input: { webhookId: id } })
    const failed = notifyProblems('No test was sent', answer?.sendTestEvent.errors)
    if (answer && !failed) notifications.show({ message: 'A test is on its way; the log tells how it went.' })
  }
  const enable = async (enabled: boolean) => {
    const { url, kinds } = webhook
    const answer = await update({ input: { webhookId: id, url, kinds, enabled } })
    notifyProblems('The webhook stays as it is', answer?.updateWebhook.errors)
  }
  return (
    <>
      {disabledAt ? (
        <Button loading={updating} onClick={() => void enable(true)}>
          Enable
        </Button>
      ) : (
        <Button leftSection={<IconSend size={16} />} loading={sending} onClick={() => void test()}>
          Send a test event
        </Button>
      )}
      <MoreActions webhook={webhook} onDisable={() => void enable(false)} />
    </>
  )
}

function MoreActions({ webhook, onDisable }: { webhook: WebhookFactsFragment; onDisable: () => void }) {
  const { id, url, disabledAt } = webhook
  const { base } = useTeam()
  const router = useRouter()
  const [rotate] = useMutationWithRetry(RotateWebhookSecretDocument, { refetchQueries: ['WebhookPage'] })
  const [remove] = useMutationWithRetry(DeleteWebhookDocument, { refetchQueries: ['Webhooks'] })
  const askRotate = () =>
    modals.openConfirmModal({
      title: 'Replace the secret?',
      children: <Text size="sm">The old one signs messages, too, for another 24 hours.</Text>,
      labels: { confirm: 'Make a new secret', cancel: 'Keep it' },
      onConfirm: async () => {
        const answer = await rotate({ input: { webhookId: id } })
        const { secret, errors } = answer?.rotateWebhookSecret ?? {}
        notifyProblems('The secret was not replaced', errors)
        if (secret)
          modals.open({
            modalId: 'new-secret',
            title: 'New secret',
            children: <WebhookSecret secret={secret} note={NEW_SECRET_NOTE} modalId="new-secret" />,
          })
      },
    })
  const askDelete = () =>
    modals.openConfirmModal({
      title: 'Delete the webhook?',
      children: (
        <Text size="sm" className="break-all">
          Nothing more is posted to {url}, and its log is deleted. This cannot be undone.
        </Text>
      ),
      labels: { confirm: 'Delete webhook', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await remove({ input: { webhookId: id } })
        const failed = notifyProblems('The webhook was not deleted', answer?.deleteWebhook.errors)
        if (answer && !failed) router.push(`${base}/settings`)
      },
    })
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" aria-label="More actions" px={10}>
          <IconDots size={16} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={askRotate}>Replace the secret…</Menu.Item>
        {!disabledAt && <Menu.Item onClick={onDisable}>Disable</Menu.Item>}
        <Menu.Item color="red" onClick={askDelete}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
