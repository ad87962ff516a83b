'use client'

import { Button, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { authClient } from './auth-client.ts'
import { explainAuthError } from './explain-auth-error.ts'

interface Props {
  onSignedIn: () => Promise<void>
  /** To the password. */
  onBack: () => void
}

/** The second step of signing in: a code of the authenticator, or one that was written down for when it is lost. */
export function SecondFactorForm({ onSignedIn, onBack }: Props) {
  const [isRecovery, setRecovery] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (value.trim() ? null : 'Enter the code.') },
  })
  const submit = form.onSubmit(async ({ code }) => {
    setBusy(true)
    setProblem(null)
    const answer = { code: code.trim() }
    const { error } = isRecovery
      ? await authClient.twoFactor.verifyBackupCode(answer)
      : await authClient.twoFactor.verifyTotp(answer)
    if (!error) return onSignedIn()
    setBusy(false)
    setProblem(explainAuthError(error))
  })
  const change = () => {
    setRecovery(!isRecovery)
    setProblem(null)
    form.reset()
  }
  return (
    <form onSubmit={submit} noValidate aria-label="Second factor" className="flex flex-col gap-4">
      <Title order={1}>One more step</Title>
      <FormErrors messages={problem ? [problem] : []} />
      <TextInput
        key={isRecovery ? 'recovery' : 'code'}
        label={isRecovery ? 'Recovery code' : 'Code'}
        description={isRecovery ? 'Each works once' : 'The six digits that your authenticator shows'}
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        maxLength={40}
        autoFocus
        {...form.getInputProps('code')}
      />
      <Button type="submit" loading={busy} fullWidth mt="xs">
        Sign in
      </Button>
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="subtle" size="compact-sm" onClick={onBack}>
          Go back
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={change}>
          {isRecovery ? 'Use a code of the authenticator' : 'Use a recovery code'}
        </Button>
      </div>
    </form>
  )
}
