'use client'

import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconPlayerStop } from '@tabler/icons-react'
import { CancelRunDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'

export function CancelRunButton({ runId, number }: { runId: string; number: number }) {
  const [cancelRun, busy] = useMutationWithRetry(CancelRunDocument)
  const ask = () =>
    modals.openConfirmModal({
      title: `Cancel run ${number}?`,
      children: <Text size="sm">Training stops and its students are discarded. Its curves are kept.</Text>,
      labels: { confirm: 'Cancel run', cancel: 'Keep training' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await cancelRun({ input: { runId } })
        for (const { message } of answer?.cancelRun.errors ?? []) {
          notifications.show({ color: 'red', title: 'The run was not canceled', message })
        }
      },
    })
  return (
    <Button variant="default" leftSection={<IconPlayerStop size={16} />} loading={busy} onClick={ask}>
      Cancel run
    </Button>
  )
}
