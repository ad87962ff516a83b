'use client'

import { Button, PasswordInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { explainAuthError } from '../session/explain-auth-error.ts'

interface Props {
  button: string
  color?: string
  /** Does what the password is asked for; @returns what was wrong with it */
  onPassword: (
    password: string,
  ) => Promise<{ code?: string | undefined; message?: string | undefined } | null>
}

/** The password once more, before something that a found page must not do. */
export function PasswordStep({ button, color, onPassword }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value ? null : 'Enter your password.') },
  })
  const submit = form.onSubmit(async ({ password }) => {
    setBusy(true)
    const error = await onPassword(password)
    setBusy(false)
    setProblem(error ? explainAuthError(error) : null)
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Your password" className="flex flex-col gap-4">
      <FormErrors messages={problem ? [problem] : []} />
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        data-autofocus
        {...form.getInputProps('password')}
      />
      <Button type="submit" loading={busy} {...(color && { color })}>
        {button}
      </Button>
    </form>
  )
}
