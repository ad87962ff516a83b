'use client'

import { Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  ChangeMemberRoleDocument,
  type MemberRowFragment,
  type Role,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { ROLE_WORDS, rolesUpTo } from './roles.ts'

/** Gives a member another role as soon as one is chosen. */
export function RoleSelect({ member }: { member: MemberRowFragment }) {
  const { team } = useTeam()
  const [change, busy] = useMutationWithRetry(ChangeMemberRoleDocument, { refetchQueries: ['Members'] })
  const choose = async (role: string | null) => {
    if (!role || role === member.role) return
    const answer = await change({ input: { memberId: member.id, role: role as Role } })
    for (const { message } of answer?.changeMemberRole.errors ?? [])
      notifications.show({ color: 'red', title: 'The role was kept', message })
    if (answer?.changeMemberRole.member)
      notifications.show({ message: `${member.user.name} is ${ROLE_WORDS[role as Role]} now.` })
  }
  return (
    <Select
      size="xs"
      aria-label={`Role of ${member.user.name}`}
      data={rolesUpTo(team.viewerRole).map((value) => ({ value, label: ROLE_WORDS[value] }))}
      value={member.role}
      onChange={(role) => void choose(role)}
      disabled={busy}
      allowDeselect={false}
    />
  )
}
