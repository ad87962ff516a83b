'use client'

import { Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { TEAM_GRACE_HOURS } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { DeleteTeamDocument, type TeamLinkFragment } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

export function DeleteTeamPanel() {
  const { team } = useTeam()
  const ask = () =>
    modals.open({
      modalId: 'delete-team',
      title: `Delete ${team.name}?`,
      children: <DeleteForm team={team} />,
    })
  return (
    <Panel
      title="Delete the team"
      note={`With its datasets, runs, models and files. For ${TEAM_GRACE_HOURS} hours an owner can still keep it.`}
    >
      <Button color="red" variant="outline" onClick={ask}>
        Delete the team
      </Button>
    </Panel>
  )
}

function DeleteForm({ team }: { team: TeamLinkFragment }) {
  const [deleteTeam, busy] = useMutationWithRetry(DeleteTeamDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({ initialValues: { slug: '' } })
  const submit = form.onSubmit(async ({ slug }) => {
    const answer = await deleteTeam({ input: { teamId: team.id, slug } })
    if (!answer) return
    setProblems(showFieldErrors(form, answer.deleteTeam.errors, ['slug']))
    if (answer.deleteTeam.team) modals.close('delete-team')
  })
  return (
    <form onSubmit={submit} aria-label="Delete the team" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <Text size="sm">
        Its runs are canceled now, and nothing of it changes any more. In {TEAM_GRACE_HOURS} hours everything
        that it has is deleted, files included, and cannot be brought back.
      </Text>
      <TextInput
        label={`Type the team’s address, ${team.slug}`}
        autoComplete="off"
        maxLength={40}
        data-autofocus
        {...form.getInputProps('slug')}
      />
      <Button type="submit" color="red" loading={busy} disabled={form.values.slug !== team.slug}>
        Delete the team
      </Button>
    </form>
  )
}
