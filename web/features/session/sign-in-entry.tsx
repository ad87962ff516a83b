'use client'

import { useQuery } from '@apollo/client/react'
import { Divider, Text, Title } from '@mantine/core'
import { FormErrors } from '../../design/error-notice.tsx'
import { TextLink } from '../../design/link-button.tsx'
import { SignInDocument } from '../../graphql/generated/operations.ts'
import { AccountForm } from './account-form.tsx'
import { EntryLoader } from './entry-loader.tsx'
import { explainProviderError } from './explain-provider-error.ts'
import { ProviderButton } from './provider-button.tsx'

/** Everything by which one can sign in here. Where the API does not answer, the form says so once it is sent. */
export function SignInEntry({ nextPath, problem }: { nextPath: string; problem: string | null }) {
  const { data, error } = useQuery(SignInDocument)
  if (!data && !error) return <EntryLoader title="Sign in" />
  const provider = data?.signIn.provider ?? null
  const button = provider && <ProviderButton provider={provider} nextPath={nextPath} />
  const said = problem && (
    <FormErrors messages={[explainProviderError(problem, provider ?? 'the provider')]} />
  )
  if (data && !data.signIn.passwords)
    return (
      <div className="flex flex-col gap-4">
        <Title order={1}>Sign in</Title>
        {said}
        {button}
        <Text size="sm" c="dimmed" ta="center">
          New here? It is the same way.
        </Text>
      </div>
    )
  return (
    <AccountForm mode="sign-in" nextPath={nextPath} above={said}>
      {button && <Alternative>{button}</Alternative>}
    </AccountForm>
  )
}

export function Alternative({ children }: { children: React.ReactNode }) {
  return (
    <>
      <Divider label="or" />
      {children}
    </>
  )
}

export function SignInInstead({ nextPath }: { nextPath: string }) {
  const href = nextPath === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(nextPath)}`
  return (
    <Text size="sm" c="dimmed" ta="center">
      Have an account?{' '}
      <TextLink underline="always" href={href}>
        Sign in
      </TextLink>
    </Text>
  )
}
