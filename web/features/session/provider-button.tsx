'use client'

import { Button } from '@mantine/core'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { authClient } from './auth-client.ts'
import { explainAuthError } from './explain-auth-error.ts'

interface Props {
  provider: string
  nextPath: string
  /** Of an invitation by which somebody new may come in. */
  invitation?: string
}

/** Goes to whoever tells who one is, and comes back. */
export function ProviderButton({ provider, nextPath, invitation }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const go = async () => {
    setBusy(true)
    const body = {
      provider: 'oidc',
      callbackURL: nextPath,
      errorCallbackURL: `/sign-in?next=${encodeURIComponent(nextPath)}`,
      // Whoever is new has joined by signing up.
      ...(invitation && { invitation, newUserCallbackURL: '/' }),
    }
    // Leads on to the address that it is answered with.
    const { error } = await authClient.$fetch('/sign-in/social', { method: 'POST', body })
    if (!error) return
    setBusy(false)
    setProblem(explainAuthError(error))
  }
  return (
    <div className="flex flex-col gap-4">
      <FormErrors messages={problem ? [problem] : []} />
      <Button variant="default" fullWidth loading={busy} onClick={() => void go()}>
        Continue with {provider}
      </Button>
    </div>
  )
}
