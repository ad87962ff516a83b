'use client'

import { Alert, Button, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useState } from 'react'
import { EMAIL_LENGTH } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { authClient } from './auth-client.ts'
import { explainAuthError } from './explain-auth-error.ts'
import { SignInInstead } from './sign-in-entry.tsx'

interface Props {
  nextPath: string
  note: ReactNode
  /** The token of the invitation by whose link they came; the mailed link leads on to it. */
  invitation: string
  /** Where it is known already. */
  email: string
  /** Other ways. */
  children?: ReactNode
}

/** Where an address is confirmed before there is an account: a link by mail leads to the form. */
export function SignUpLinkForm({ nextPath, note, invitation, email: known, children }: Props) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { email: known },
    validate: { email: (value) => (value.trim() ? null : 'Enter your e-mail address.') },
  })
  const submit = form.onSubmit(async ({ email }) => {
    setBusy(true)
    const body = { email: email.trim(), ...(invitation ? { invitation } : {}) }
    const { error } = await authClient.$fetch('/request-sign-up', { method: 'POST', body })
    setBusy(false)
    setProblem(error ? explainAuthError(error) : null)
    if (!error) setSentTo(body.email)
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Create your account" className="flex flex-col gap-4">
      <Title order={1}>Create your account</Title>
      {note}
      <FormErrors messages={problem ? [problem] : []} />
      {sentTo ? (
        <Alert variant="light" title="Look into your mailbox">
          A mail with a link is on its way to {sentTo}, unless three were sent within the hour. It works for
          an hour. Where this instance has no mail server, ask whoever administers it.
        </Alert>
      ) : (
        <>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="email"
            maxLength={EMAIL_LENGTH}
            {...form.getInputProps('email')}
          />
          <Button type="submit" loading={busy} fullWidth mt="xs">
            Send a link
          </Button>
        </>
      )}
      {children}
      <SignInInstead nextPath={nextPath} />
    </form>
  )
}
