'use client'

import { Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useRouter } from 'next/navigation'
import { DeleteGivenWeightsDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

interface Props {
  weights: { id: string; name: string; cohorts: { name: string }[] }
}

export function DeleteWeightsButton({ weights: { id, name, cohorts } }: Props) {
  const router = useRouter()
  const { base } = useTeam()
  const [deleteWeights, busy] = useMutationWithRetry(DeleteGivenWeightsDocument, {
    refetchQueries: ['WeightsList'],
  })
  const remove = async () => {
    const answer = await deleteWeights({ input: { givenWeightsId: id } })
    if (!answer) return
    const { deletedId, errors } = answer.deleteGivenWeights
    for (const { message } of errors) notifications.show({ color: 'red', title: `${name} was kept`, message })
    if (deletedId) router.push(`${base}/weights`)
  }
  const ask = () =>
    modals.openConfirmModal({
      title: `Delete ${name}?`,
      children: (
        <Text size="sm">
          {cohorts.length > 0
            ? `Cohorts that begin with it: ${cohorts.map((cohort) => cohort.name).join(', ')}. They keep what their students need, and their runs can be repeated; no other cohort, and no file of an experiment that names it, can begin with it any more.`
            : 'No cohort begins with it, and none can any more. The file is deleted.'}
        </Text>
      ),
      labels: { confirm: 'Delete the weights', cancel: 'Keep them' },
      confirmProps: { color: 'red' },
      onConfirm: () => void remove(),
    })
  return (
    <Button variant="default" onClick={ask} loading={busy}>
      Delete
    </Button>
  )
}
