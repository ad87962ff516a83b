'use client'

import { Button, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateServiceAccountDocument, type Role } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

const ROLES = [
  { value: 'VIEWER', label: 'Viewer: looks and downloads' },
  { value: 'MEMBER', label: 'Member: uploads and trains' },
  { value: 'ADMIN', label: 'Admin: manages members, too' },
]

/** Asks for a name and a role. */
export function CreateServiceAccountDialog({ teamId }: { teamId: string }) {
  const refetchQueries = ['ServiceAccounts']
  const [create, busy] = useMutationWithRetry(CreateServiceAccountDocument, { refetchQueries })
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: { name: '', role: 'MEMBER' as string | null },
    validate: { name: (value) => (value.trim() ? null : 'Say what the account is for.') },
  })
  const submit = form.onSubmit(async ({ name, role }) => {
    const answer = await create({ input: { teamId, name: name.trim(), role: role as Role } })
    if (!answer) return
    const { errors, serviceAccount } = answer.createServiceAccount
    setProblems(showFieldErrors(form, errors, ['name', 'role']))
    if (serviceAccount) modals.close('create-service-account')
  })
  return (
    <form onSubmit={submit} aria-label="New service account" className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <TextInput
        label="Account name"
        description="Runs that it starts are shown as started by this name."
        placeholder="nightly training"
        maxLength={NAME_LENGTHS.person}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select label="Role" data={ROLES} allowDeselect={false} {...form.getInputProps('role')} />
      <Button type="submit" loading={busy}>
        Create service account
      </Button>
    </form>
  )
}
