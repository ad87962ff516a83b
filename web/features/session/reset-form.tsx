'use client'

import { useApolloClient } from '@apollo/client/react'
import { Alert, Anchor, Button, PasswordInput, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect, useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { authClient } from './auth-client.ts'
import { explainAuthError } from './explain-auth-error.ts'

/** Asks for a mail, or, where the link in it was opened, for the new password. */
export function ResetForm() {
  const [token, setToken] = useState<string | null>(null)
  useEffect(() => {
    const read = () => setToken(location.hash.slice(1))
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  return token ? <NewPassword token={token} /> : <AskForMail />
}

function AskForMail() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (value) => (value.trim() ? null : 'Enter your e-mail address.') },
  })
  const submit = form.onSubmit(async ({ email }) => {
    setBusy(true)
    const { error } = await authClient.requestPasswordReset({ email: email.trim() })
    setBusy(false)
    setProblem(error ? explainAuthError(error) : null)
    if (!error) setSentTo(email.trim())
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Reset your password" className="flex flex-col gap-4">
      <Title order={1}>Reset your password</Title>
      <FormErrors messages={problem ? [problem] : []} />
      {sentTo ? (
        <Alert variant="light" title="Look into your mailbox">
          If {sentTo} has an account, a mail with a link is on its way. It works for an hour. Where this
          instance has no mail server, ask whoever administers it.
        </Alert>
      ) : (
        <>
          <TextInput label="E-mail" type="email" autoComplete="email" {...form.getInputProps('email')} />
          <Button type="submit" loading={busy} fullWidth mt="xs">
            Send a link
          </Button>
        </>
      )}
      <Text size="sm" c="dimmed" ta="center">
        <TextLink underline="always" href="/sign-in">
          Back to sign-in
        </TextLink>
      </Text>
    </form>
  )
}

function NewPassword({ token }: { token: string }) {
  const apollo = useApolloClient()
  const [isDone, setDone] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({ initialValues: { newPassword: '' } })
  const submit = form.onSubmit(async ({ newPassword }) => {
    setBusy(true)
    const { error } = await authClient.resetPassword({ token, newPassword })
    setBusy(false)
    setProblem(error ? explainAuthError(error) : null)
    if (error) return
    await apollo.clearStore()
    setDone(true)
  })
  if (isDone)
    return (
      <div className="flex flex-col gap-4">
        <Title order={1}>You have a new password</Title>
        <Text size="sm">Every session of your account has ended.</Text>
        <LinkButton href="/sign-in">Sign in</LinkButton>
      </div>
    )
  return (
    <form onSubmit={submit} noValidate aria-label="Choose a new password" className="flex flex-col gap-4">
      <Title order={1}>Choose a new password</Title>
      <FormErrors messages={problem ? [problem] : []} />
      <PasswordInput
        label="New password"
        description="At least 10 characters that nobody would guess"
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        {...form.getInputProps('newPassword')}
      />
      <Button type="submit" loading={busy} fullWidth mt="xs">
        Set the password
      </Button>
      {/* Without the token behind the #, the page asks for a mail. */}
      <Text size="sm" c="dimmed" ta="center">
        <Anchor href="#" size="sm" underline="always">
          Ask for a new link
        </Anchor>
      </Text>
    </form>
  )
}
