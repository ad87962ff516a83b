'use client'

import { Button, Menu, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconChevronDown, IconRefresh } from '@tabler/icons-react'
import { type RetryFrom, RetryRunDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../../run-list/notify-problems.ts'
import type { PageRun } from '../live/run-feed.ts'

/** Retries the run from its latest checkpoint or, after a confirmation, from its first step. */
export function RetryRunMenu({ run, onChanged }: { run: PageRun; onChanged: () => void }) {
  const [retryRun, busy] = useMutationWithRetry(RetryRunDocument)
  const retry = async (from: RetryFrom) => {
    const answer = await retryRun({ input: { runId: run.id, from } })
    notifyProblems('The run was not retried', answer?.retryRun.errors)
    onChanged()
  }
  const askForScratch = () =>
    modals.openConfirmModal({
      closeButtonProps: { 'aria-label': 'Close' },
      title: `Train run ${run.number} from scratch?`,
      children: <Text size="sm">Its checkpoints and curves are deleted, and it starts again at step 1.</Text>,
      labels: { confirm: 'Delete and train', cancel: 'Keep them' },
      confirmProps: { color: 'red' },
      onConfirm: () => void retry('SCRATCH'),
    })
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          rightSection={<IconChevronDown size={14} />}
          loading={busy}
        >
          Try again
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void retry('LAST_CHECKPOINT')}>From the last checkpoint</Menu.Item>
        <Menu.Item onClick={askForScratch}>From scratch…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
