'use client'

import { Button, Group, Modal, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { MAX_PRIORITY } from '../../../../contract/limits.ts'
import { SetRunPriorityDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { notifyProblems } from '../../run-list/notify-problems.ts'
import type { PageRun } from '../live/run-feed.ts'

/** Sets a queued run's priority; higher goes first. */
export function PriorityDialog({
  run,
  opened,
  onClose,
}: {
  run: PageRun
  opened: boolean
  onClose: () => void
}) {
  const [priority, setPriority] = useState(run.priority)
  const [setRunPriority, busy] = useMutationWithRetry(SetRunPriorityDocument, { refetchQueries: ['RunPage'] })
  const save = async () => {
    const answer = await setRunPriority({ input: { runId: run.id, priority } })
    if (answer && !notifyProblems('The priority was not changed', answer.setRunPriority.errors)) onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Priority of run ${run.number}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <NumberInput
          label="Priority"
          description={`From -${MAX_PRIORITY} to ${MAX_PRIORITY}. Waiting runs with a higher priority start first; running ones are unaffected.`}
          min={-MAX_PRIORITY}
          max={MAX_PRIORITY}
          allowDecimal={false}
          value={priority}
          onChange={(value) => setPriority(Number(value))}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
