'use client'

import { Button, PasswordInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'

const toggle = { 'aria-label': 'Show or hide the password', tabIndex: 0 }

export function PasswordPanel() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      currentPassword: (value) => (value ? null : 'Enter your password.'),
      newPassword: (value) => (value ? null : 'Choose a password.'),
    },
  })
  const submit = form.onSubmit(async (passwords) => {
    setBusy(true)
    const { error } = await authClient.changePassword({ ...passwords, revokeOtherSessions: true })
    setBusy(false)
    setProblem(error ? explainAuthError(error) : null)
    if (error) return
    form.reset()
    notifications.show({ message: 'Your password is changed, and every other session has ended.' })
  })
  return (
    <Panel title="Password" note="A new one ends every other session.">
      <form onSubmit={submit} noValidate aria-label="Change the password" className="flex flex-col gap-3">
        <FormErrors messages={problem ? [problem] : []} />
        <div className="grid gap-3 sm:grid-cols-2">
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('currentPassword')}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('newPassword')}
          />
        </div>
        <div>
          <Button type="submit" variant="default" loading={busy}>
            Change the password
          </Button>
        </div>
      </form>
    </Panel>
  )
}
