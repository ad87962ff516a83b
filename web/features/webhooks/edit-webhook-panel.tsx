'use client'

import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { UpdateWebhookDocument, type WebhookFactsFragment } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { validateWebhook, WebhookFields, type WebhookValues } from './webhook-fields.tsx'

/** Changes where a webhook posts and what it is told. */
export function EditWebhookPanel({ webhook: { id, url, kinds } }: { webhook: WebhookFactsFragment }) {
  const [update, busy] = useMutationWithRetry(UpdateWebhookDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm<WebhookValues>({ initialValues: { url, kinds }, validate: validateWebhook })
  const submit = form.onSubmit(async (values) => {
    const answer = await update({ input: { webhookId: id, url: values.url.trim(), kinds: values.kinds } })
    if (!answer) return
    const { errors } = answer.updateWebhook
    setProblems(showFieldErrors(form, errors, ['url', 'kinds']))
    if (errors.length > 0) return
    form.resetDirty()
    notifications.show({ message: 'Saved.' })
  })
  return (
    <Panel title="What it is told">
      <form onSubmit={submit} noValidate aria-label="Webhook" className="flex flex-col gap-4">
        <FormErrors messages={problems} />
        <WebhookFields form={form} />
        <div>
          <Button type="submit" variant="default" loading={busy} disabled={!form.isDirty()}>
            Save
          </Button>
        </div>
      </form>
    </Panel>
  )
}
