'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, PasswordInput, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { TextLink } from '../../design/link-button.tsx'
import { authClient } from './auth-client.ts'
import { explainAuthError } from './explain-auth-error.ts'
import { forgetToken } from './invitation-token.ts'
import { SecondFactorForm } from './second-factor-form.tsx'

const SHORTEST_PASSWORD = 10

const words = {
  'sign-in': {
    title: 'Sign in',
    button: 'Sign in',
    other: 'New here?',
    otherLink: 'Create an account',
    to: '/sign-up',
  },
  'sign-up': {
    title: 'Create your account',
    button: 'Create account',
    other: 'Have an account?',
    otherLink: 'Sign in',
    to: '/sign-in',
  },
} as const

interface Props {
  mode: keyof typeof words
  nextPath: string
  /** What lets somebody new in, where not everybody may come. */
  brought?: { invitation?: string; proof?: string }
  /** Whoever comes in by their invitation alone is in its team then. */
  joins?: boolean
  /** Where it is known already, and no other one would do. */
  email?: string
  above?: ReactNode
  /** Other ways in. */
  children?: ReactNode
}

/** Sign-in and sign-up: one form, which asks for a name when the account is new. */
export function AccountForm({
  mode,
  nextPath,
  brought = {},
  joins = false,
  email: known,
  above,
  children,
}: Props) {
  const isNew = mode === 'sign-up'
  const router = useRouter()
  const apollo = useApolloClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [wantsSecondFactor, setWantsSecondFactor] = useState(false)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', email: known ?? '', password: '' },
    validate: {
      name: (value) => (isNew ? findNameProblem(value) : null),
      email: (value) =>
        /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value)
          ? null
          : 'Enter an e-mail address like ada@example.org.',
      password: (value) =>
        isNew && value.length < SHORTEST_PASSWORD
          ? `Choose a password of at least ${SHORTEST_PASSWORD} characters.`
          : value
            ? null
            : 'Enter your password.',
    },
  })

  const submit = form.onSubmit(async ({ name, email, password }) => {
    setBusy(true)
    setProblem(null)
    const { data, error } = isNew
      ? await authClient.signUp.email({ name: name.trim(), email, password, ...brought })
      : await authClient.signIn.email({ email, password })
    if (error) {
      setBusy(false)
      setProblem(explainAuthError(error))
      return
    }
    if (data && 'twoFactorRedirect' in data) return setWantsSecondFactor(true)
    await enter()
  })
  const enter = async () => {
    await apollo.clearStore()
    if (joins) forgetToken()
    router.replace(joins ? '/' : nextPath)
  }
  const goBack = () => {
    setWantsSecondFactor(false)
    setBusy(false)
  }
  if (wantsSecondFactor) return <SecondFactorForm onSignedIn={enter} onBack={goBack} />

  const text = words[mode]
  return (
    <form onSubmit={submit} noValidate aria-label={text.title} className="flex flex-col gap-4">
      <Title order={1}>{text.title}</Title>
      {problem ? <FormErrors messages={[problem]} /> : above}
      {isNew && (
        <TextInput label="Name" autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
      )}
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="email"
        readOnly={known !== undefined}
        key={form.key('email')}
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        description={isNew ? `At least ${SHORTEST_PASSWORD} characters that nobody would guess` : undefined}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        key={form.key('password')}
        {...form.getInputProps('password')}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
      />
      {!isNew && (
        <TextLink href="/reset" size="sm" underline="always" className="self-start">
          Forgot your password?
        </TextLink>
      )}
      <Button type="submit" loading={busy} fullWidth mt="xs">
        {text.button}
      </Button>
      {children}
      <Text size="sm" c="dimmed" ta="center">
        {text.other}{' '}
        <TextLink
          underline="always"
          href={nextPath === '/' ? text.to : `${text.to}?next=${encodeURIComponent(nextPath)}`}
        >
          {text.otherLink}
        </TextLink>
      </Text>
    </form>
  )
}

function findNameProblem(name: string): string | null {
  if (!name.trim()) return 'Enter your name.'
  const longest = NAME_LENGTHS.person
  return name.trim().length > longest ? `Your name has more than ${longest} characters; shorten it.` : null
}
