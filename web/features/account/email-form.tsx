import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { EMAIL_LENGTH } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'

const toggle = { 'aria-label': 'Show or hide the password', tabIndex: 0 }

export function EmailForm({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(useLinkProblem())
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useForm({
    initialValues: { newEmail: email, currentPassword: '' },
    validate: {
      newEmail: (value) => (value.trim().toLowerCase() === email ? 'This is your address already.' : null),
      currentPassword: (value) => (value || !hasPassword ? null : 'Enter your password.'),
    },
  })
  const submit = form.onSubmit(async (values) => {
    setBusy(true)
    const newEmail = values.newEmail.trim()
    const error = await askForChange(newEmail, values.currentPassword)
    setBusy(false)
    setProblem(error && explainAuthError(error))
    if (error) return
    form.setFieldValue('currentPassword', '')
    setSentTo(newEmail)
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Your e-mail address" className="flex flex-col gap-3">
      <FormErrors messages={problem ? [problem] : []} />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="email"
          maxLength={EMAIL_LENGTH}
          {...form.getInputProps('newEmail')}
        />
        {hasPassword && (
          <PasswordInput
            label="Your password, for another e-mail"
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('currentPassword')}
          />
        )}
      </div>
      <div>
        <Button type="submit" variant="default" loading={busy}>
          Change the e-mail
        </Button>
      </div>
      {sentTo && (
        <Alert variant="light" title={`Look into the mailbox of ${sentTo}`}>
          A mail with a link is on its way, unless three were sent within the hour; your address changes once
          it is opened where you are signed in. Until then you sign in as {email}. Where this instance has no
          mail server, ask whoever administers it.
        </Alert>
      )}
    </form>
  )
}

/** Why a link in a mail, which leads here, has changed nothing. */
function useLinkProblem(): string | null {
  const address = useSearchParams()
  const code = address.has('linking') ? null : address.get('error')
  return code && explainAuthError({ code, message: 'The link has changed nothing. Ask for a new one.' })
}

async function askForChange(newEmail: string, currentPassword: string) {
  const body = { newEmail, currentPassword, callbackURL: '/account' }
  const { error } = await authClient.$fetch('/change-email', { method: 'POST', body })
  return error
}
