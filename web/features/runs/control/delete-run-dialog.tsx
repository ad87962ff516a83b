'use client'

import { useQuery } from '@apollo/client/react'
import { Alert, Button, Group, List, Loader, Modal, Text } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { DeleteRunDocument, RunDeletionDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import type { PageRun } from '../live/run-feed.ts'

/** Says what deleting the run would break, and deletes it. */
export function DeleteRunDialog({ run, base, onClose }: { run: PageRun; base: string; onClose: () => void }) {
  const router = useRouter()
  const { data, error } = useQuery(RunDeletionDocument, {
    variables: { id: run.id },
    fetchPolicy: 'network-only',
  })
  const deletion = data?.node?.__typename === 'Run' ? data.node.deletion : null
  const [problems, setProblems] = useState<string[]>([])
  const [deleteRun, busy] = useMutationWithRetry(DeleteRunDocument)
  const remove = async () => {
    const answer = await deleteRun({ input: { runId: run.id } })
    if (!answer) return
    setProblems(answer.deleteRun.errors.map(({ message }) => message))
    if (answer.deleteRun.deletedId) router.push(`${base}/runs`)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Delete run ${run.number}?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      {error ? (
        <Text size="sm">What it would break could not be found out: {error.message}</Text>
      ) : !deletion ? (
        <Loader size="sm" aria-label="Looking for what depends on it" />
      ) : deletion.refusal ? (
        <Text size="sm">This run cannot be deleted. {deletion.refusal}</Text>
      ) : (
        <>
          <Text size="sm" mb="xs">
            For good, and for everyone in the team, this deletes
          </Text>
          <List size="sm">
            {deletion.losses.map((loss) => (
              <List.Item key={loss}>{loss}</List.Item>
            ))}
          </List>
        </>
      )}
      {problems.map((problem) => (
        <Alert key={problem} color="red" variant="light" mt="sm" role="alert">
          {problem}
        </Alert>
      ))}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button
          color="red"
          loading={busy}
          disabled={!deletion || deletion.refusal !== null}
          onClick={() => void remove()}
        >
          Delete run {run.number}
        </Button>
      </Group>
    </Modal>
  )
}
