'use client'

import { Alert, Button, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { EMAIL_LENGTH, INVITATION_HOURS, INVITATION_USES } from '../../../contract/limits.ts'
import { CopyValue } from '../../design/copy-value.tsx'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateInvitationDocument, type Role } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { ROLE_NOTES, ROLE_WORDS, rolesUpTo } from './roles.ts'

const lifetimes = [
  { value: '4', label: '4 hours' },
  { value: String(INVITATION_HOURS.usual), label: '2 days' },
  { value: String(7 * 24), label: '7 days' },
  { value: String(INVITATION_HOURS.max), label: '30 days' },
]
const ways = [
  { value: 'mail', label: 'By e-mail' },
  { value: 'link', label: 'By link' },
]

/** Asks whom to invite, as what and for how long; then shows the link this once. */
export function InviteDialog({ teamId, own }: { teamId: string; own: Role }) {
  const [create, busy] = useMutationWithRetry(CreateInvitationDocument, { refetchQueries: ['Members'] })
  const [problems, setProblems] = useState<string[]>([])
  const [made, setMade] = useState<{ url: string; email: string | null } | null>(null)
  const form = useForm({
    initialValues: {
      way: 'mail',
      email: '',
      maxUses: 1 as number | string,
      role: 'MEMBER' as Role,
      expiresInHours: String(INVITATION_HOURS.usual),
    },
    validate: {
      email: (email, { way }) => (way === 'link' || email.trim() ? null : 'Enter an e-mail address.'),
    },
  })
  const isByMail = form.values.way === 'mail'
  const submit = form.onSubmit(async ({ email, maxUses, role, expiresInHours }) => {
    const to = isByMail ? { email: email.trim() } : { maxUses: Number(maxUses) }
    const answer = await create({ input: { teamId, role, expiresInHours: Number(expiresInHours), ...to } })
    if (!answer) return
    const { url, invitation, errors } = answer.createInvitation
    setProblems(showFieldErrors(form, errors, ['email', 'maxUses', 'role', 'expiresInHours']))
    if (url && invitation) setMade({ url, email: invitation.email ?? null })
  })
  if (made) return <InvitationLink {...made} />
  return (
    <form onSubmit={submit} noValidate aria-label="Invite to the team" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <SegmentedControl fullWidth aria-label="How to invite" data={ways} {...form.getInputProps('way')} />
      {isByMail ? (
        <TextInput
          label="E-mail"
          description="Only an account with this address can accept."
          type="email"
          maxLength={EMAIL_LENGTH}
          data-autofocus
          {...form.getInputProps('email')}
        />
      ) : (
        <NumberInput
          label="How many people may join by it"
          min={1}
          max={INVITATION_USES.max}
          allowDecimal={false}
          {...form.getInputProps('maxUses')}
        />
      )}
      <Select
        label="Role"
        description={ROLE_NOTES[form.values.role]}
        data={rolesUpTo(own).map((value) => ({ value, label: ROLE_WORDS[value] }))}
        allowDeselect={false}
        {...form.getInputProps('role')}
      />
      <Select
        label="Open for"
        data={lifetimes}
        allowDeselect={false}
        {...form.getInputProps('expiresInHours')}
      />
      <Button type="submit" loading={busy}>
        {isByMail ? 'Send the invitation' : 'Make the link'}
      </Button>
    </form>
  )
}

function InvitationLink({ url, email }: { url: string; email: string | null }) {
  return (
    <div className="flex flex-col gap-4">
      <Alert variant="light" title={email ? `A mail to ${email} is written` : 'Copy the link now'}>
        {email
          ? 'Where this instance has no mail server, it waits for whoever administers it: hand this link on yourself then. It works for that address alone, and will not be shown again.'
          : 'Whoever has it can join. It will not be shown again; only its hash is stored.'}
      </Alert>
      <TextInput
        label="Link"
        readOnly
        value={url}
        rightSection={<CopyValue value={url} label="Copy the link" />}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => modals.close('invite')}>Done</Button>
    </div>
  )
}
