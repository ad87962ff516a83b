'use client'

import { Menu, Text, UnstyledButton } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { Logo } from '../../design/logo.tsx'
import type { TeamLinkFragment } from '../../graphql/generated/operations.ts'
import { CreateTeamForm } from './create-team-form.tsx'

/** Shows the current team, and lets the user switch to others or create one. */
export function TeamSwitcher({ team, teams }: { team: TeamLinkFragment; teams: TeamLinkFragment[] }) {
  const router = useRouter()
  const createTeam = () =>
    modals.open({
      modalId: 'create-team',
      title: 'New team',
      children: <CreateTeamForm onCreated={() => modals.close('create-team')} />,
    })
  return (
    <Menu width={232} position="bottom-start" shadow="md">
      <Menu.Target>
        <UnstyledButton
          aria-label={`Team ${team.name}, switch team`}
          className="flex w-full min-w-0 items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-[var(--hover)]"
        >
          <Logo />
          <Text fw={600} size="sm" truncate className="flex-1">
            {team.name}
          </Text>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Teams</Menu.Label>
        {teams.map(({ id, name, slug }) => (
          <Menu.Item
            key={id}
            onClick={() => router.push(`/${slug}`)}
            rightSection={id === team.id ? <IconCheck size={16} aria-label="current" /> : null}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlus size={16} />} onClick={createTeam}>
          New team
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
