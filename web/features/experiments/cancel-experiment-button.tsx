'use client'

import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconPlayerStop } from '@tabler/icons-react'
import { CancelExperimentDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import type { PageExperiment } from './experiment-page.tsx'

export function CancelExperimentButton(props: { experiment: PageExperiment; onCanceled: () => void }) {
  const { id, number, progress } = props.experiment
  const [cancelExperiment, busy] = useMutationWithRetry(CancelExperimentDocument)
  const left = progress.runs - progress.succeeded - progress.failed - progress.canceled
  const ask = () =>
    modals.openConfirmModal({
      title: `Cancel experiment ${number}?`,
      children: (
        <Text size="sm">
          {left === 1 ? 'One run is' : `${left} runs are`} canceled. What has finished stays, with its
          results. Seeds cannot be added to it afterwards.
        </Text>
      ),
      labels: { confirm: 'Cancel experiment', cancel: 'Keep training' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await cancelExperiment({ input: { experimentId: id } })
        for (const { message } of answer?.cancelExperiment.errors ?? [])
          notifications.show({ color: 'red', title: 'The experiment was not canceled', message })
        props.onCanceled()
      },
    })
  return (
    <Button variant="default" leftSection={<IconPlayerStop size={16} />} loading={busy} onClick={ask}>
      Cancel experiment
    </Button>
  )
}
