'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { CopyValue } from '../../design/copy-value.tsx'
import { FormErrors } from '../../design/error-notice.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'
import { PasswordStep } from './password-step.tsx'
import { QrCode } from './qr-code.tsx'

interface DialogProps {
  onDone: () => void
  /** The dialog shows what will not be shown again: it ends by `onDone` alone. */
  onKept: () => void
}

interface Enabled {
  totpURI: string
  backupCodes: string[]
}

/** Password, then the secret for the authenticator, then its first code, then the recovery codes. */
export function EnableSecondFactor({ onDone, onKept }: DialogProps) {
  const apollo = useApolloClient()
  const [enabled, setEnabled] = useState<Enabled | null>(null)
  const [isVerified, setVerified] = useState(false)
  const begin = async (password: string) => {
    const { data, error } = await authClient.twoFactor.enable({ password })
    if (data && 'totpURI' in data) setEnabled(data)
    return error
  }
  const finish = () => {
    setVerified(true)
    onKept()
    void apollo.refetchQueries({ include: [ViewerDocument] })
  }
  if (!enabled) return <PasswordStep button="Go on" onPassword={begin} />
  if (!isVerified) return <FirstCode uri={enabled.totpURI} onVerified={finish} />
  return <RecoveryCodes codes={enabled.backupCodes} onDone={onDone} />
}

export function DisableSecondFactor({ onDone }: Pick<DialogProps, 'onDone'>) {
  const apollo = useApolloClient()
  const disable = async (password: string) => {
    const { error } = await authClient.twoFactor.disable({ password })
    if (error) return error
    await apollo.refetchQueries({ include: [ViewerDocument] })
    onDone()
    return null
  }
  return <PasswordStep button="Turn it off" color="red" onPassword={disable} />
}

export function NewRecoveryCodes({ onDone, onKept }: DialogProps) {
  const [codes, setCodes] = useState<string[] | null>(null)
  const renew = async (password: string) => {
    const { data, error } = await authClient.twoFactor.generateBackupCodes({ password })
    if (data) {
      setCodes(data.backupCodes)
      onKept()
    }
    return error
  }
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  return <PasswordStep button="Make new codes" onPassword={renew} />
}

function FirstCode({ uri, onVerified }: { uri: string; onVerified: () => void }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({ initialValues: { code: '' } })
  const submit = form.onSubmit(async ({ code }) => {
    setBusy(true)
    const { error } = await authClient.twoFactor.verifyTotp({ code: code.trim() })
    setBusy(false)
    if (error) setProblem(explainAuthError(error))
    else onVerified()
  })
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  return (
    <form onSubmit={submit} noValidate aria-label="First code" className="flex flex-col gap-4">
      <FormErrors messages={problem ? [problem] : []} />
      <Text size="sm">Scan this with an authenticator app, or enter the secret there.</Text>
      <QrCode text={uri} label="The secret as a QR code" />
      <TextInput
        label="Secret"
        readOnly
        value={secret}
        rightSection={<CopyValue value={secret} label="Copy the secret" />}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <TextInput
        label="Code"
        description="The six digits that the app shows now"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        {...form.getInputProps('code')}
      />
      <Button type="submit" loading={busy}>
        Turn it on
      </Button>
    </form>
  )
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const text = codes.join('\n')
  return (
    <div className="flex flex-col gap-4">
      <Text size="sm">
        Keep these where you will find them without your authenticator. Each signs you in once in its place.
        They will not be shown again.
      </Text>
      <div className="flex items-start justify-between gap-2 rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-3">
        <ul
          aria-label="Recovery codes"
          className="m-0 grid list-none grid-cols-2 gap-x-6 gap-y-1 p-0 font-mono text-sm"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyValue value={text} label="Copy the codes" />
      </div>
      <Button onClick={onDone}>I have kept them</Button>
    </div>
  )
}
