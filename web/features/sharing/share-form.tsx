'use client'

import { Button, Checkbox, PasswordInput, Select, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { SHARE_DAYS } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateShareLinkDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import type { ShareSubject } from './share-button.tsx'

const NEVER = 'never'
const lifetimes = [
  { value: '1', label: 'for a day' },
  { value: '7', label: 'for 7 days' },
  { value: '30', label: 'for 30 days' },
  { value: String(SHARE_DAYS.max), label: 'for a year' },
  { value: NEVER, label: 'until it is revoked' },
]

/** How long a link is open, and for whom. */
export function ShareForm({ subject, onMade }: { subject: ShareSubject; onMade: (url: string) => void }) {
  const [create, busy] = useMutationWithRetry(CreateShareLinkDocument, {
    refetchQueries: ['ShareLinksOf', 'TeamShareLinks'],
  })
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({ initialValues: { expiresInDays: '30', password: '', withFiles: false } })
  const submit = form.onSubmit(async ({ expiresInDays, password, withFiles }) => {
    const answer = await create({
      input: {
        subjectId: subject.id,
        expiresInDays: expiresInDays === NEVER ? null : Number(expiresInDays),
        password: password || null,
        withFiles,
      },
    })
    if (!answer) return
    const { url, errors } = answer.createShareLink
    setProblems(showFieldErrors(form, errors, ['password', 'expiresInDays']))
    if (url) onMade(url)
  })
  return (
    <form onSubmit={submit} noValidate aria-label={`Share ${subject.name}`} className="flex flex-col gap-4">
      <Text size="sm" c="dimmed">
        Whoever has the link sees what this page tells of {subject.name}, and can change nothing. It shows
        neither the team nor its people, nor any image, and search engines are told to leave it out.
      </Text>
      <FormErrors messages={problems} />
      <Select label="Open" data={lifetimes} allowDeselect={false} {...form.getInputProps('expiresInDays')} />
      <PasswordInput
        label="Password"
        description="Optional. Previews of the link then tell nothing."
        autoComplete="new-password"
        maxLength={128}
        {...form.getInputProps('password')}
      />
      {subject.hasFiles && (
        <Checkbox
          label="Let them download the files"
          {...form.getInputProps('withFiles', { type: 'checkbox' })}
        />
      )}
      <Button type="submit" loading={busy}>
        Make the link
      </Button>
    </form>
  )
}
