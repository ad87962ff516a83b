'use client'

import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateTeamDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

export function CreateTeamForm({ onCreated }: { onCreated?: () => void }) {
  const router = useRouter()
  const [createTeam, busy] = useMutationWithRetry(CreateTeamDocument, { refetchQueries: ['Viewer'] })
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (value) => (value.trim() ? null : 'Give the team a name.') },
  })
  const submit = form.onSubmit(async ({ name }) => {
    const answer = await createTeam({ input: { name: name.trim() } })
    if (!answer) return
    const { team, errors } = answer.createTeam
    setProblems(showFieldErrors(form, errors, ['name']))
    if (!team) return
    onCreated?.()
    router.push(`/${team.slug}`)
  })
  return (
    <form onSubmit={submit} aria-label="Create a team" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <TextInput
        label="Team name"
        maxLength={NAME_LENGTHS.team}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Button type="submit" loading={busy}>
        Create team
      </Button>
    </form>
  )
}
