'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { Panel } from '../../design/panel.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'
import { EmailForm } from './email-form.tsx'

interface Props {
  name: string
  email: string
  hasPassword: boolean
}

export function ProfilePanel({ name, email, hasPassword }: Props) {
  return (
    <Panel title="Name and e-mail">
      <div className="flex flex-col gap-5">
        <NameForm name={name} />
        <EmailForm email={email} hasPassword={hasPassword} />
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
