'use client'

import { ActionIcon, Indicator, Popover } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell } from '@tabler/icons-react'
import { NoticeList } from './notice-list.tsx'

const MOST_SHOWN = 99

/** Opens the notices, and tells how many are unread. */
export function Bell({ unread, position }: { unread: number; position: 'right-end' | 'bottom-end' }) {
  const [opened, { toggle, close }] = useDisclosure()
  const count = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread)
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position={position}
      shadow="md"
      trapFocus
      returnFocus
      width={380}
    >
      <Indicator label={count} size={16} disabled={unread === 0} color="red.8" offset={4}>
        <Popover.Target>
          <ActionIcon
            size={36}
            variant="subtle"
            color="gray"
            onClick={toggle}
            aria-label={unread === 0 ? 'Notices' : `Notices, ${unread} unread`}
          >
            <IconBell size={20} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} className="max-w-[calc(100vw-16px)]" role="dialog" aria-label="Notices">
        {opened && <NoticeList onLeave={close} />}
      </Popover.Dropdown>
    </Popover>
  )
}
