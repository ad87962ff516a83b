'use client'

import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { NAME_LENGTHS, OLD_ADDRESS_DAYS } from '../../../contract/limits.ts'
import { SLUG_FORM } from '../../../contract/team-slug.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { ChangeTeamAddressDocument, RenameTeamDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

/** The team's name, for its admins, and its address, for its owners. */
export function NamePanel() {
  const { team } = useTeam()
  return (
    <Panel title="Name and address">
      <div className="flex flex-col gap-5">
        <NameForm />
        {team.viewerRole === 'OWNER' && <AddressForm />}
      </div>
    </Panel>
  )
}

function NameForm() {
  const { team } = useTeam()
  const [rename, busy] = useMutationWithRetry(RenameTeamDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: { name: team.name },
    validate: { name: (value) => (value.trim() ? null : 'Give the team a name.') },
  })
  const submit = form.onSubmit(async ({ name }) => {
    const answer = await rename({ input: { teamId: team.id, name: name.trim() } })
    if (!answer) return
    setProblems(showFieldErrors(form, answer.renameTeam.errors, ['name']))
    if (answer.renameTeam.team) notifications.show({ message: 'The team has its new name.' })
  })
  return (
    <form onSubmit={submit} aria-label="Rename the team">
      <FormErrors messages={problems} />
      <div className="flex flex-wrap items-end gap-3">
        <TextInput
          label="Name"
          className="min-w-0 flex-1 basis-64"
          maxLength={NAME_LENGTHS.team}
          {...form.getInputProps('name')}
        />
        <Button type="submit" variant="default" loading={busy}>
          Rename
        </Button>
      </div>
    </form>
  )
}

function AddressForm() {
  const { team } = useTeam()
  const router = useRouter()
  const [change, busy] = useMutationWithRetry(ChangeTeamAddressDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: { slug: team.slug },
    validate: {
      slug: (value) => (SLUG_FORM.test(value) ? null : 'An address has 3 to 40 of a-z, 0-9 and dashes.'),
    },
  })
  const submit = form.onSubmit(async ({ slug }) => {
    const answer = await change({ input: { teamId: team.id, slug } })
    if (!answer) return
    const { team: moved, errors } = answer.changeTeamAddress
    setProblems(showFieldErrors(form, errors, ['slug']))
    if (moved) router.replace(`/${moved.slug}/settings`)
  })
  return (
    <form onSubmit={submit} aria-label="Change the team’s address">
      <FormErrors messages={problems} />
      <div className="flex flex-wrap items-end gap-3">
        <TextInput
          label="Address"
          description={`Links to the old one keep working for ${OLD_ADDRESS_DAYS} days.`}
          className="min-w-0 flex-1 basis-64"
          leftSection="/"
          maxLength={40}
          {...form.getInputProps('slug')}
        />
        <Button type="submit" variant="default" loading={busy}>
          Change
        </Button>
      </div>
    </form>
  )
}
