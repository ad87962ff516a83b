'use client'

import { ActionIcon, Menu, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconDots } from '@tabler/icons-react'
import {
  type PersonRowFragment,
  type ProblemFragment,
  ReactivatePersonDocument,
  SetAdministratorDocument,
  SuspendPersonDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

/** What can be done about one person; each is asked for once more. */
export function PersonActions({ person, isSelf }: { person: PersonRowFragment; isSelf: boolean }) {
  const actions = usePersonActions(person)
  const { name, suspendedAt, isAdministrator } = person
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!suspendedAt && (
          <Menu.Item onClick={actions.changeRole}>
            {isAdministrator ? 'Make no administrator' : 'Make an administrator'}
          </Menu.Item>
        )}
        {suspendedAt ? (
          <Menu.Item onClick={actions.reactivate}>Reactivate</Menu.Item>
        ) : (
          !isSelf && (
            <Menu.Item color="red" onClick={actions.suspend}>
              Suspend
            </Menu.Item>
          )
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function usePersonActions({ id: userId, name, isAdministrator }: PersonRowFragment) {
  // The viewer may be the one who is no administrator any more.
  const [set] = useMutationWithRetry(SetAdministratorDocument, { refetchQueries: ['Viewer'] })
  const [suspend] = useMutationWithRetry(SuspendPersonDocument)
  const [reactivate] = useMutationWithRetry(ReactivatePersonDocument)
  return {
    changeRole: () =>
      confirm(
        isAdministrator ? `Make ${name} no administrator?` : `Make ${name} an administrator?`,
        isAdministrator
          ? `${name} no longer sees this page.`
          : `${name} sees this page: everybody here, all teams by name, and the mails that wait.`,
        isAdministrator ? 'Make them none' : 'Make them one',
        async () => {
          const answer = await set({ input: { userId, isAdministrator: !isAdministrator } })
          return answer?.setAdministrator.errors
        },
      ),
    suspend: () =>
      confirm(
        `Suspend ${name}?`,
        `${name} is signed out everywhere within seconds, their keys stop working, and nobody gets in as them. Their teams, runs and models stay. It can be undone.`,
        `Suspend ${name}`,
        async () => (await suspend({ input: { userId } }))?.suspendPerson.errors,
      ),
    reactivate: () =>
      confirm(
        `Reactivate ${name}?`,
        `${name} signs in again, and their keys work as before.`,
        `Reactivate ${name}`,
        async () => (await reactivate({ input: { userId } }))?.reactivatePerson.errors,
      ),
  }
}

type Problems = readonly ProblemFragment[] | undefined

function confirm(title: string, text: string, label: string, run: () => Promise<Problems>): void {
  modals.openConfirmModal({
    title,
    children: <Text size="sm">{text}</Text>,
    labels: { confirm: label, cancel: 'Leave it as it is' },
    confirmProps: label.startsWith('Suspend') ? { color: 'red' } : {},
    onConfirm: async () => {
      for (const { message } of (await run()) ?? [])
        notifications.show({ color: 'red', title: 'Nothing was changed', message })
    },
  })
}
