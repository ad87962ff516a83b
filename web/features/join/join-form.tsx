'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, Text, Title } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { formatInstant } from '../../design/format-time.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { AcceptInvitationDocument, type InvitationPreviewQuery } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { authClient } from '../session/auth-client.ts'
import { forgetToken } from '../session/invitation-token.ts'

interface Props {
  token: string
  invitation: NonNullable<InvitationPreviewQuery['invitation']>
  viewer: NonNullable<InvitationPreviewQuery['viewer']> | null
}

const AS = { OWNER: 'an owner', ADMIN: 'an admin', MEMBER: 'a member', VIEWER: 'a viewer' }
const NEXT = '?next=%2Fjoin'

/** Accepts for whoever is signed in, and lets everybody else sign in first. */
export function JoinForm({ token, invitation, viewer }: Props) {
  const { teamName, role, email, invitedBy, expiresAt } = invitation
  const isForOther = viewer !== null && email != null && viewer.user.email.toLowerCase() !== email
  return (
    <div className="flex flex-col gap-4">
      <Title order={1} className="break-words">
        Join {teamName}
      </Title>
      <Text size="sm" className="break-words">
        {invitedBy} invites {email ?? 'you'} as {AS[role]}. The invitation is open until{' '}
        {formatInstant(expiresAt)}.
      </Text>
      {viewer === null ? (
        <SignInFirst email={email ?? null} />
      ) : isForOther ? (
        <OtherAccount email={email} own={viewer.user.email} />
      ) : (
        <AcceptButton token={token} name={viewer.user.name} isMember={invitation.isMember} />
      )}
    </div>
  )
}

function SignInFirst({ email }: { email: string | null }) {
  return (
    <>
      <LinkButton href={`/sign-up${NEXT}`}>Create an account</LinkButton>
      <LinkButton href={`/sign-in${NEXT}`} variant="default">
        I have an account
      </LinkButton>
      {email && (
        <Text size="sm" c="dimmed">
          Use the address {email}: nobody else can accept.
        </Text>
      )}
    </>
  )
}

function OtherAccount({ email, own }: { email: string; own: string }) {
  const router = useRouter()
  const apollo = useApolloClient()
  const signOut = async () => {
    await authClient.signOut()
    router.replace(`/sign-in${NEXT}`)
    await apollo.clearStore()
  }
  return (
    <>
      <FormErrors messages={[`You are signed in as ${own}, and this invitation is for ${email}.`]} />
      <Button onClick={() => void signOut()}>Sign in as {email}</Button>
    </>
  )
}

function AcceptButton({ token, name, isMember }: { token: string; name: string; isMember: boolean }) {
  const router = useRouter()
  const [problems, setProblems] = useState<string[]>([])
  const [accept, busy] = useMutationWithRetry(AcceptInvitationDocument, { refetchQueries: ['Viewer'] })
  const submit = async () => {
    const answer = await accept({ input: { token } })
    if (!answer) return
    const { team, errors } = answer.acceptInvitation
    setProblems(errors.map(({ message }) => message))
    if (!team) return
    forgetToken()
    router.replace(`/${team.slug}`)
  }
  return (
    <>
      <FormErrors messages={problems} />
      <Button loading={busy} onClick={() => void submit()}>
        {isMember ? 'You are a member: open the team' : `Join as ${name}`}
      </Button>
    </>
  )
}
