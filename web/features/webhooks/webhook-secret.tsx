'use client'

import { Alert, Button, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { CopyValue } from '../../design/copy-value.tsx'

/** A secret, this once. */
export function WebhookSecret({ secret, note, modalId }: { secret: string; note: string; modalId: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Alert variant="light" title="Copy the secret now">
        {note}
      </Alert>
      <TextInput
        label="Secret"
        readOnly
        value={secret}
        rightSection={<CopyValue value={secret} label="Copy the secret" />}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => modals.close(modalId)}>Done</Button>
    </div>
  )
}
