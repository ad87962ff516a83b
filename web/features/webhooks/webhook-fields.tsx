'use client'

import { Checkbox, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { WEBHOOK_URL_LENGTH } from '../../../contract/limits.ts'
import {
  TEAM_EVENTS,
  type TeamEventKind,
  WEBHOOK_EVENT_KINDS,
} from '../../../contract/notices/team-events.ts'

/** What a webhook is, where it is made and where it is changed. */
export interface WebhookValues {
  url: string
  kinds: TeamEventKind[]
}

export const validateWebhook = {
  url: (url: string) => (url.trim() ? null : 'Enter the address to post to.'),
  kinds: (kinds: TeamEventKind[]) => (kinds.length > 0 ? null : 'Choose at least one.'),
}

// biome-ignore lint/suspicious/noExplicitAny: a form may have more values
export function WebhookFields({ form }: { form: UseFormReturnType<any> }) {
  return (
    <>
      <TextInput
        label="Address"
        placeholder="https://hooks.example.org/studyhall"
        inputMode="url"
        maxLength={WEBHOOK_URL_LENGTH}
        data-autofocus
        {...form.getInputProps('url')}
      />
      <Checkbox.Group label="Events" {...form.getInputProps('kinds')}>
        <div className="grid gap-2 pt-1 sm:grid-cols-2">
          {WEBHOOK_EVENT_KINDS.map((kind) => (
            <Checkbox key={kind} value={kind} label={TEAM_EVENTS[kind].title} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  )
}
