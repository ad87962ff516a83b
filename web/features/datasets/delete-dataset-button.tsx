'use client'

import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useRouter } from 'next/navigation'
import { DeleteDatasetDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

export function DeleteDatasetButton({ dataset }: { dataset: { id: string; name: string } }) {
  const router = useRouter()
  const { base } = useTeam()
  const [deleteDataset, busy] = useMutationWithRetry(DeleteDatasetDocument, { refetchQueries: ['Datasets'] })
  const remove = async () => {
    const answer = await deleteDataset({ input: { datasetId: dataset.id } })
    if (!answer) return
    const { deletedId, errors } = answer.deleteDataset
    for (const { message } of errors)
      notifications.show({ color: 'red', title: `${dataset.name} was kept`, message })
    if (deletedId) router.push(`${base}/datasets`)
  }
  const ask = () =>
    modals.openConfirmModal({
      title: `Delete ${dataset.name}?`,
      children: (
        <Text size="sm">
          This permanently deletes all of its versions. A dataset that a run was trained on cannot be deleted.
        </Text>
      ),
      labels: { confirm: 'Delete the dataset', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: () => void remove(),
    })
  return (
    <Button variant="default" onClick={ask} loading={busy}>
      Delete
    </Button>
  )
}
