'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'
import { explainProviderError } from '../session/explain-provider-error.ts'
import { PasswordStep } from './password-step.tsx'

interface Props {
  provider: string
  isLinked: boolean
  /** With a password that counts the link can be undone. */
  canUnlink: boolean
}

/** Whether one can sign in by the provider, too. */
export function ProviderPanel({ provider, isLinked, canUnlink }: Props) {
  const address = useSearchParams()
  const code = address.has('linking') ? address.get('error') : null
  return (
    <Panel title={`Sign-in by ${provider}`}>
      <div className="flex flex-col gap-3">
        <FormErrors messages={code ? [explainProviderError(code, provider)] : []} />
        {isLinked ? (
          <>
            <Text size="sm">You can sign in by {provider}.</Text>
            {canUnlink && <Unlink provider={provider} />}
          </>
        ) : (
          <>
            <Text size="sm">
              Link this account to who you are at {provider}, and sign in by it from then on.
            </Text>
            <div>
              <Button variant="default" onClick={() => askToLink(provider)}>
                Link {provider}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  )
}

function askToLink(provider: string): void {
  modals.open({
    modalId: 'link-provider',
    title: `Link ${provider}`,
    children: <PasswordStep button={`Go on to ${provider}`} onPassword={link} />,
  })
}

async function link(currentPassword: string) {
  const body = {
    ...{ provider: 'oidc', currentPassword },
    callbackURL: '/account',
    // The form of the address has errors of its own.
    errorCallbackURL: '/account?linking',
  }
  const { error } = await authClient.$fetch('/link-social', { method: 'POST', body })
  return error
}

function Unlink({ provider }: { provider: string }) {
  const apollo = useApolloClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const unlink = async () => {
    setBusy(true)
    const error = await unlinkProvider()
    setBusy(false)
    setProblem(error && explainAuthError(error))
    if (error) return
    await apollo.refetchQueries({ include: [ViewerDocument] })
    notifications.show({ message: `You sign in by your password alone; ${provider} is not linked.` })
  }
  return (
    <>
      <FormErrors messages={problem ? [problem] : []} />
      <div>
        <Button variant="default" loading={busy} onClick={() => void unlink()}>
          Unlink {provider}
        </Button>
      </div>
    </>
  )
}

async function unlinkProvider() {
  const { data, error } = await authClient.listAccounts()
  if (error) return error
  const account = data.find(({ providerId }) => providerId === 'oidc')
  if (!account) return null
  const body = { accountId: account.id }
  return (await authClient.$fetch('/unlink-account', { method: 'POST', body })).error
}
