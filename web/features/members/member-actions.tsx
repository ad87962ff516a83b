'use client'

import { ActionIcon, Button, Menu, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconDots } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import {
  HandOverTeamDocument,
  LeaveTeamDocument,
  type MemberRowFragment,
  type ProblemFragment,
  RemoveMemberDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { mayChange } from './roles.ts'

/** What can be done with one member: leave for oneself; handing over and removing for others. */
export function MemberActions({ member, isSelf }: { member: MemberRowFragment; isSelf: boolean }) {
  const { team } = useTeam()
  if (isSelf) return <LeaveButton />
  if (!mayChange(team.viewerRole, member.role)) return null
  return <OthersMenu member={member} />
}

function LeaveButton() {
  const { team } = useTeam()
  const router = useRouter()
  const [leave, busy] = useMutationWithRetry(LeaveTeamDocument)
  const ask = () =>
    modals.openConfirmModal({
      title: `Leave ${team.name}?`,
      children: (
        <Text size="sm">
          You will no longer see anything of the team, and the keys that you made for it stop working. Only an
          invitation brings you back.
        </Text>
      ),
      labels: { confirm: 'Leave the team', cancel: 'Stay' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await leave({ input: { teamId: team.id } })
        show('You are still a member', answer?.leaveTeam.errors)
        if (answer?.leaveTeam.deletedId) router.replace('/')
      },
    })
  return (
    <Button variant="subtle" color="red" size="compact-sm" loading={busy} onClick={ask}>
      Leave
    </Button>
  )
}

function OthersMenu({ member }: { member: MemberRowFragment }) {
  const { team } = useTeam()
  const { name } = member.user
  const [remove] = useMutationWithRetry(RemoveMemberDocument, { refetchQueries: ['Members'] })
  const [handOver] = useMutationWithRetry(HandOverTeamDocument, { refetchQueries: ['Members'] })
  const input = { memberId: member.id }
  const askRemove = () =>
    modals.openConfirmModal({
      title: `Remove ${name}?`,
      children: (
        <Text size="sm">
          Pages of {team.name} that they have open close within seconds, and the keys and invitations that
          they made for it end. What they uploaded and trained stays.
        </Text>
      ),
      labels: { confirm: `Remove ${name}`, cancel: 'Keep them' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await remove({ input })
        show(`${name} is still a member`, answer?.removeMember.errors)
      },
    })
  const askHandOver = () =>
    modals.openConfirmModal({
      title: `Hand ${team.name} over to ${name}?`,
      children: <Text size="sm">{name} becomes its owner in your place. You stay as an admin.</Text>,
      labels: { confirm: 'Hand it over', cancel: 'Keep it' },
      onConfirm: async () => {
        const answer = await handOver({ input })
        show('The team is still yours', answer?.handOverTeam.errors)
      },
    })
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {team.viewerRole === 'OWNER' && <Menu.Item onClick={askHandOver}>Hand the team over</Menu.Item>}
        <Menu.Item color="red" onClick={askRemove}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function show(title: string, problems: ProblemFragment[] = []): void {
  for (const { message } of problems) notifications.show({ color: 'red', title, message })
}
