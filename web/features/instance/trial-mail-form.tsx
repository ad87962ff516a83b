'use client'

import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { EMAIL_LENGTH } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { SendTrialMailDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

/** Asks to whom, and posts a mail that shows whether mail arrives. */
export function TrialMailForm() {
  const [send, busy] = useMutationWithRetry(SendTrialMailDocument, { refetchQueries: ['Instance'] })
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: { to: '' },
    validate: { to: (value) => (value.trim() ? null : 'Enter an e-mail address.') },
  })
  const submit = form.onSubmit(async ({ to }) => {
    const answer = await send({ input: { to: to.trim() } })
    if (!answer) return
    setProblems(showFieldErrors(form, answer.sendTrialMail.errors, ['to']))
    if (answer.sendTrialMail.mail) modals.close('trial-mail')
  })
  return (
    <form onSubmit={submit} noValidate aria-label="Trial mail" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <TextInput
        label="To"
        type="email"
        maxLength={EMAIL_LENGTH}
        data-autofocus
        {...form.getInputProps('to')}
      />
      <Button type="submit" loading={busy}>
        Send
      </Button>
    </form>
  )
}
