'use client'

import { Button, Select } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { TeamEventKind } from '../../../contract/notices/team-events.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateWebhookDocument, type WebhookFormat } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { validateWebhook, WebhookFields } from './webhook-fields.tsx'
import { WebhookSecret } from './webhook-secret.tsx'
import { FORMAT_WORDS } from './webhook-words.ts'

const SECRET_NOTE =
  'Every message is signed by it, so that the receiver can tell that it comes from here. It will not be shown again; a new one can be made.'
const formats = Object.entries(FORMAT_WORDS).map(([value, label]) => ({ value, label }))

/** Asks where to post what, and shows the secret this once. */
export function CreateWebhookDialog({ teamId }: { teamId: string }) {
  const [create, busy] = useMutationWithRetry(CreateWebhookDocument, { refetchQueries: ['Webhooks'] })
  const [problems, setProblems] = useState<string[]>([])
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({
    initialValues: {
      url: '',
      kinds: ['RUN_SUCCEEDED', 'RUN_FAILED'] as TeamEventKind[],
      format: 'STUDYHALL' as WebhookFormat,
    },
    validate: validateWebhook,
  })
  const submit = form.onSubmit(async ({ url, ...values }) => {
    const answer = await create({ input: { teamId, url: url.trim(), ...values } })
    if (!answer) return
    setProblems(showFieldErrors(form, answer.createWebhook.errors, ['url', 'kinds', 'format']))
    setSecret(answer.createWebhook.secret)
  })
  if (secret) return <WebhookSecret secret={secret} note={SECRET_NOTE} modalId="create-webhook" />
  return (
    <form onSubmit={submit} noValidate aria-label="New webhook" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <WebhookFields form={form} />
      <Select
        label="Format"
        description="It cannot be changed later. Slack’s is shown by Mattermost and others, too."
        data={formats}
        allowDeselect={false}
        {...form.getInputProps('format')}
      />
      <Button type="submit" loading={busy}>
        Create webhook
      </Button>
    </form>
  )
}
