'use client'

import { ActionIcon, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconArchive,
  IconArchiveOff,
  IconArrowsSort,
  IconCopy,
  IconDots,
  IconGitFork,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import Link from 'next/link'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { ArchiveRunsDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../../run-list/notify-problems.ts'
import type { PageRun } from '../live/run-feed.ts'
import { DeleteRunDialog } from './delete-run-dialog.tsx'
import { PriorityDialog } from './priority-dialog.tsx'
import { RunWordsDialog } from './run-words-dialog.tsx'

/** A menu of rarely used actions. */
export function MoreActions({ run, base }: { run: PageRun; base: string }) {
  const [naming, name] = useDisclosure(false)
  const [deleting, remove] = useDisclosure(false)
  const [ordering, order] = useDisclosure(false)
  const [archiveRuns] = useMutationWithRetry(ArchiveRunsDocument, { refetchQueries: ['RunPage'] })
  const archive = async () => {
    const answer = await archiveRuns({ input: { runIds: [run.id], archived: run.archivedAt === null } })
    notifyProblems('The run was not archived', answer?.archiveRuns.errors)
  }
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={name.open}>
            Name, tags, notes…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            component={Link}
            href={`${base}/runs/new?from=${run.number}`}
          >
            Clone with changes
          </Menu.Item>
          <Menu.Item
            leftSection={<IconGitFork size={16} />}
            component={Link}
            href={`${base}/runs/${run.number}/fork`}
          >
            Fork from a checkpoint…
          </Menu.Item>
          {!isEnded(run.status) && (
            <Menu.Item leftSection={<IconArrowsSort size={16} />} onClick={order.open}>
              Change priority…
            </Menu.Item>
          )}
          {isEnded(run.status) && (
            <>
              <Menu.Divider />
              <Menu.Item
                leftSection={run.archivedAt ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}
                onClick={() => void archive()}
              >
                {run.archivedAt ? 'Bring back from the archive' : 'Archive'}
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={remove.open}>
                Delete…
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming && <RunWordsDialog run={run} onClose={name.close} />}
      {deleting && <DeleteRunDialog run={run} base={base} onClose={remove.close} />}
      <PriorityDialog run={run} opened={ordering} onClose={order.close} />
    </>
  )
}
