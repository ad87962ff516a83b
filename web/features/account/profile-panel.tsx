'use client'

import { useApolloClient } from '@apollo/client/react'
import { Alert, Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { EMAIL_LENGTH, NAME_LENGTHS } from '../../../contract/limits.ts'
import { Panel } from '../../design/panel.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'

export function ProfilePanel({ name, email }: { name: string; email: string }) {
  return (
    <Panel title="Name and e-mail">
      <div className="flex flex-col gap-5">
        <NameForm name={name} />
        <EmailForm email={email} />
      </div>
    </Panel>
  )
}

function NameForm({ name }: { name: string }) {
  const apollo = useApolloClient()
  const [busy, setBusy] = useState(false)
  const form = useForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() ? null : 'Enter your name.') },
  })
  const submit = form.onSubmit(async (values) => {
    setBusy(true)
    const { error } = await authClient.updateUser({ name: values.name.trim() })
    setBusy(false)
    if (error) return form.setFieldError('name', explainAuthError(error))
    await apollo.refetchQueries({ include: [ViewerDocument] })
    notifications.show({ message: 'Your name is changed.' })
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Your name" className="flex flex-wrap items-end gap-3">
      <TextInput
        label="Name"
        autoComplete="name"
        className="min-w-0 flex-1 basis-64"
        maxLength={NAME_LENGTHS.person}
        {...form.getInputProps('name')}
      />
      <Button type="submit" variant="default" loading={busy}>
        Change the name
      </Button>
    </form>
  )
}

function EmailForm({ email }: { email: string }) {
  const [busy, setBusy] = useState(false)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useForm({
    initialValues: { newEmail: email },
    validate: {
      newEmail: (value) => (value.trim().toLowerCase() === email ? 'This is your address already.' : null),
    },
  })
  const submit = form.onSubmit(async ({ newEmail }) => {
    setBusy(true)
    const { error } = await authClient.changeEmail({ newEmail: newEmail.trim(), callbackURL: '/account' })
    setBusy(false)
    if (error) return form.setFieldError('newEmail', explainAuthError(error))
    setSentTo(newEmail.trim())
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Your e-mail address" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="email"
          className="min-w-0 flex-1 basis-64"
          maxLength={EMAIL_LENGTH}
          {...form.getInputProps('newEmail')}
        />
        <Button type="submit" variant="default" loading={busy}>
          Change the e-mail
        </Button>
      </div>
      {sentTo && (
        <Alert variant="light" title={`Look into the mailbox of ${sentTo}`}>
          A mail with a link is on its way; your address changes once it is opened. Until then you sign in as{' '}
          {email}. Where this instance has no mail server, ask whoever administers it.
        </Alert>
      )}
    </form>
  )
}
