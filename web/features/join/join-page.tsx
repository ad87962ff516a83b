'use client'

import { useQuery } from '@apollo/client/react'
import { Loader, Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { InvitationPreviewDocument } from '../../graphql/generated/operations.ts'
import { AccountPage } from '../session/account-page.tsx'
import { takeToken } from '../session/invitation-token.ts'
import { JoinForm } from './join-form.tsx'

/** Where the link of an invitation leads: what is offered, to whom, and by whom. */
export function JoinPage() {
  const [token, setToken] = useState<string | null>(null)
  useEffect(() => {
    const read = () => setToken(takeToken())
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  const { data, error, refetch } = useQuery(InvitationPreviewDocument, {
    variables: { token: token ?? '' },
    skip: token === null,
    fetchPolicy: 'network-only',
  })
  return (
    <AccountPage>
      {error && !data ? (
        <ErrorNotice
          title="The invitation could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !data || token === null ? (
        <div className="grid place-items-center" aria-busy="true">
          <Title order={1} className="sr-only">
            Invitation
          </Title>
          <Loader type="dots" aria-label="Opening the invitation" />
        </div>
      ) : data.invitation ? (
        <JoinForm token={token} invitation={data.invitation} viewer={data.viewer ?? null} />
      ) : (
        <InvitationOver />
      )}
    </AccountPage>
  )
}

function InvitationOver() {
  return (
    <div className="flex flex-col gap-4">
      <Title order={1}>This invitation is over</Title>
      <Text size="sm" c="dimmed">
        It was used, revoked, or not accepted in time, or its link is not whole. Ask whoever invited you for a
        new one.
      </Text>
      <LinkButton href="/" variant="default">
        Go home
      </LinkButton>
    </div>
  )
}
