'use client'

import { useQuery } from '@apollo/client/react'
import { Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import {
  InvitationPreviewDocument,
  SignInDocument,
  type SignInQuery,
} from '../../graphql/generated/operations.ts'
import { AccountForm } from './account-form.tsx'
import { EntryLoader } from './entry-loader.tsx'
import { keepToken, keptToken } from './invitation-token.ts'
import { ProviderButton } from './provider-button.tsx'
import { Alternative, SignInInstead } from './sign-in-entry.tsx'
import { SignUpLinkForm } from './sign-up-link-form.tsx'

/** What somebody new has brought along, which only their browser knows. */
interface Brought {
  invitation: string
  /** Of the link that was mailed to them, with their address. */
  proof: string
  email: string
}

/** Who may make an account here, and how; whoever may not is told why. */
export function SignUpEntry({ nextPath }: { nextPath: string }) {
  const { data, error } = useQuery(SignInDocument)
  const brought = useBrought()
  if (!brought || (!data && !error)) return <EntryLoader title="Create your account" />
  if (!data) return <AccountForm mode="sign-up" nextPath={nextPath} />
  return <ForMode options={data.signIn} brought={brought} nextPath={nextPath} />
}

interface ModeProps {
  options: SignInQuery['signIn']
  brought: Brought
  nextPath: string
}

function ForMode({ options, brought, nextPath }: ModeProps) {
  const { passwords, provider, signUp, isSignUpByLink, domains } = options
  const invitation = signUp === 'INVITED' ? brought.invitation : ''
  if (signUp === 'INVITED' && !invitation) return <ByInvitation nextPath={nextPath} />
  const button = provider && <ProviderButton {...{ provider, nextPath, invitation }} />
  if (!passwords)
    return (
      <div className="flex flex-col gap-4">
        <Title order={1}>Create your account</Title>
        {signUp === 'DOMAINS' && <Domains domains={domains} />}
        {button}
        <SignInInstead nextPath={nextPath} />
      </div>
    )
  const alternative = button && <Alternative>{button}</Alternative>
  if (!isSignUpByLink)
    return (
      <AccountForm mode="sign-up" nextPath={nextPath} brought={{ invitation }} joins={invitation !== ''}>
        {alternative}
      </AccountForm>
    )
  const joins = invitation !== ''
  if (brought.proof)
    return (
      <AccountForm
        mode="sign-up"
        nextPath={brought.invitation ? '/join' : nextPath}
        brought={{ proof: brought.proof, invitation }}
        joins={joins}
        email={brought.email}
      />
    )
  return (
    <ForInvited token={brought.invitation}>
      {(email) => (
        <SignUpLinkForm
          nextPath={nextPath}
          invitation={brought.invitation}
          email={email}
          note={signUp === 'DOMAINS' && <Domains domains={domains} />}
        >
          {alternative}
        </SignUpLinkForm>
      )}
    </ForInvited>
  )
}

interface InvitedProps {
  token: string
  /** @param email  for which alone the invitation is; empty where for none */
  children: (email: string) => ReactNode
}

/** Whoever has come by an invitation need not type the address that it is for. */
function ForInvited({ token, children }: InvitedProps) {
  const { data, loading } = useQuery(InvitationPreviewDocument, { variables: { token }, skip: !token })
  return loading ? <EntryLoader title="Create your account" /> : children(data?.invitation?.email ?? '')
}

function ByInvitation({ nextPath }: { nextPath: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Title order={1}>By invitation alone</Title>
      <Text size="sm">
        This instance takes new people by invitation. Ask somebody in a team for one, and open its link: it
        leads here.
      </Text>
      <SignInInstead nextPath={nextPath} />
    </div>
  )
}

function Domains({ domains }: { domains: string[] }) {
  return (
    <Text size="sm" c="dimmed">
      For addresses that end with {domains.map((domain) => `@${domain}`).join(', ')}.
    </Text>
  )
}

function useBrought(): Brought | null {
  const [brought, setBrought] = useState<Brought | null>(null)
  useEffect(() => {
    const read = () => {
      const hash = new URLSearchParams(location.hash.slice(1))
      const [proof, email] = [hash.get('proof') ?? '', hash.get('email') ?? '']
      const invitation = hash.get('invitation')
      if (invitation) keepToken(invitation)
      setBrought({ invitation: keptToken(), proof, email })
    }
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  return brought
}
