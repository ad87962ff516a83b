'use client'

import { Alert, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { KEY_SCOPES, type KeyScope, SCOPES_OF, USUAL_SCOPES } from '../../../contract/key-scopes.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { CopyValue } from '../../design/copy-value.tsx'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateApiKeyDocument, type ServiceAccountRowFragment } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { KEY_LIFETIMES, ScopesField } from './key-power-fields.tsx'

interface CreateKeyDialogProps {
  teamId: string
  /** Whose key it is to be; one's own if omitted. */
  account?: Pick<ServiceAccountRowFragment, 'id' | 'role'>
}

/** Asks for a name, makes the key, and shows its secret this once. */
export function CreateKeyDialog({ teamId, account }: CreateKeyDialogProps) {
  const [createKey, busy] = useMutationWithRetry(CreateApiKeyDocument, { refetchQueries: ['ApiKeys'] })
  const [problems, setProblems] = useState<string[]>([])
  const [secret, setSecret] = useState<string | null>(null)
  const offered = account ? SCOPES_OF[account.role] : KEY_SCOPES
  const usual = USUAL_SCOPES.filter((scope) => offered.includes(scope)) as string[]
  const form = useForm({
    initialValues: {
      name: '',
      scopes: usual,
      expiresInDays: '90' as string | null,
      maxRuns: '' as number | string,
      maxDeviceMinutes: '' as number | string,
    },
    validate: { name: (value) => (value.trim() ? null : 'Say what the key is for.') },
  })
  const submit = form.onSubmit(async ({ name, scopes, expiresInDays, maxRuns, maxDeviceMinutes }) => {
    const days = expiresInDays === 'never' ? null : Number(expiresInDays)
    const serviceAccountId = account?.id
    const input = {
      teamId,
      name: name.trim(),
      scopes: scopes as KeyScope[],
      expiresInDays: days,
      serviceAccountId,
      maxRuns: limitOf(maxRuns),
      maxDeviceMinutes: limitOf(maxDeviceMinutes),
    }
    const answer = await createKey({ input })
    if (!answer) return
    setProblems(
      showFieldErrors(form, answer.createApiKey.errors, [
        'name',
        'scopes',
        'expiresInDays',
        'maxRuns',
        'maxDeviceMinutes',
      ]),
    )
    setSecret(answer.createApiKey.secret)
  })
  if (secret) return <Secret secret={secret} />
  return (
    <form onSubmit={submit} aria-label="New API key" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <TextInput
        label="Key name"
        placeholder="nightly training"
        maxLength={NAME_LENGTHS.apiKey}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <ScopesField offered={offered} {...form.getInputProps('scopes')} />
      <Select
        label="Expires"
        data={KEY_LIFETIMES}
        allowDeselect={false}
        {...form.getInputProps('expiresInDays')}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberInput
          label="At most so many runs"
          description="In all; for agents and scripts that go on by themselves."
          placeholder="any number"
          min={0}
          max={100_000}
          allowDecimal={false}
          {...form.getInputProps('maxRuns')}
        />
        <NumberInput
          label="At most so many minutes"
          description="On devices, of all its runs; then they are canceled."
          placeholder="any number"
          min={0}
          max={1_000_000}
          allowDecimal={false}
          {...form.getInputProps('maxDeviceMinutes')}
        />
      </div>
      <Button type="submit" loading={busy}>
        Create key
      </Button>
    </form>
  )
}

/** Nothing typed is no limit. */
function limitOf(typed: number | string): number | null {
  return typed === '' ? null : Number(typed)
}

function Secret({ secret }: { secret: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Alert variant="light" title="Copy the key now">
        It will not be shown again; only its hash is stored.
      </Alert>
      <TextInput
        label="Secret"
        readOnly
        value={secret}
        rightSection={<CopyValue value={secret} label="Copy the key" />}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => modals.close('create-key')}>Done</Button>
    </div>
  )
}
