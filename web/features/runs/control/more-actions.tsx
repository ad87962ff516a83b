'use client'

import { ActionIcon, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowsSort, IconCopy, IconDots, IconPlayerPlay } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import type { PageRun } from '../live/run-feed.ts'
import { PriorityDialog } from './priority-dialog.tsx'

/** Loaded on demand, because it pulls in the recipe's schema. */
const CloneRunDialog = dynamic(() => import('./clone-run-dialog.tsx').then((module) => module.CloneRunDialog))

/** A menu of rarely used actions. */
export function MoreActions({ run, base }: { run: PageRun; base: string }) {
  const [cloning, clone] = useDisclosure(false)
  const [ordering, order] = useDisclosure(false)
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={clone.open}>
            Clone with changes…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPlayerPlay size={16} />}
            component={Link}
            href={`${base}/runs/new?from=${run.number}`}
          >
            Start another from the form
          </Menu.Item>
          {!isEnded(run.status) && (
            <Menu.Item leftSection={<IconArrowsSort size={16} />} onClick={order.open}>
              Change priority…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {cloning && <CloneRunDialog run={run} base={base} onClose={clone.close} />}
      <PriorityDialog run={run} opened={ordering} onClose={order.close} />
    </>
  )
}
