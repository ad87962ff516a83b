'use client'

import { useApolloClient } from '@apollo/client/react'
import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core'
import { IconApi, IconKeyboard, IconLogout, IconSelector, IconServer, IconUser } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { authClient } from '../session/auth-client.ts'
import { forgetOperations } from '../session/forget-operations.ts'
import { ThemeChoice } from '../session/theme-choice.tsx'
import { forgetModels } from '../try/networks/kept-models.ts'
import { openKeyboardHelp } from './keyboard-help.tsx'

interface Props {
  viewer: { user: { name: string; email: string }; isAdministrator: boolean }
  position?: 'top-start' | 'bottom-end'
}

/** Who is signed in; theme, keyboard help and sign-out. */
export function UserMenu({ viewer, position = 'top-start' }: Props) {
  const { name, email } = viewer.user
  const router = useRouter()
  const apollo = useApolloClient()
  const signOut = async () => {
    await authClient.signOut()
    router.replace('/sign-in')
    await apollo.clearStore()
    forgetOperations()
    await forgetModels()
  }
  return (
    <Menu width={240} position={position} shadow="md">
      <Menu.Target>
        <UnstyledButton
          aria-label={`Account of ${name}`}
          className="flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-[var(--hover)]"
        >
          <Avatar size={28} radius="xl" color="ink" name={name} aria-hidden variant="filled" />
          <span className="min-w-0 flex-1">
            <Text size="sm" fw={500} truncate>
              {name}
            </Text>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="px-3 py-2">
          <Text size="sm" fw={500} truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {email}
          </Text>
        </div>
        <div className="px-2 pb-2">
          <ThemeChoice />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUser size={16} />} onClick={() => router.push('/account')}>
          Account
        </Menu.Item>
        {viewer.isAdministrator && (
          <Menu.Item leftSection={<IconServer size={16} />} onClick={() => router.push('/instance')}>
            Administration
          </Menu.Item>
        )}
        {/* A page to browsers, the API to all others: Next's own way to it would ask the API. */}
        <Menu.Item component="a" href="/graphql" leftSection={<IconApi size={16} />}>
          API explorer
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openKeyboardHelp}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
