'use client'

import { Button, PasswordInput, Text, Title } from '@mantine/core'
import { useState } from 'react'

interface Props {
  /** Why the last password was not taken. */
  refusal: string | null
  isBusy: boolean
  onGiven: (password: string) => void
}

export function PasswordForm({ refusal, isBusy, onGiven }: Props) {
  const [typed, setTyped] = useState('')
  return (
    <form
      aria-label="Open the shared page"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed) onGiven(typed)
      }}
    >
      <Title order={1}>This page asks for a password</Title>
      <Text size="sm" c="dimmed">
        Whoever gave you the link has it.
      </Text>
      <PasswordInput
        label="Password"
        autoComplete="off"
        maxLength={128}
        value={typed}
        error={refusal}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" loading={isBusy} disabled={!typed}>
        Open
      </Button>
    </form>
  )
}
