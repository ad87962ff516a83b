import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { LinkButton } from '../../../design/link-button.tsx'
import type { FailureCode } from '../../../graphql/generated/operations.ts'
import type { PageRun } from '../live/run-feed.ts'

const words: Record<FailureCode, { title: string; advice: string }> = {
  NOT_FINITE: {
    title: 'The loss is not a number any more',
    advice: 'Start again with a lower learning rate or a smaller batch.',
  },
  OUT_OF_MEMORY: {
    title: 'The worker ran out of memory',
    advice: 'Start again with a smaller batch, fewer students or smaller networks.',
  },
  ENGINE_ERROR: {
    title: 'TensorFlow gave up',
    advice: 'Start again; if it happens twice, change the recipe or the networks.',
  },
  WORKER_LOST: {
    title: 'The worker was lost',
    advice: 'Try again once a worker runs: it goes on from its last checkpoint.',
  },
  BAD_RECIPE: {
    title: 'The recipe cannot be trained by',
    advice: 'Clone the run with a recipe that it can be trained by.',
  },
  DISK_FULL: { title: 'A disk is full', advice: 'Make room; the run goes on by itself.' },
  DATASET_GONE: { title: 'The images are gone', advice: 'Import the dataset again, then start a new run.' },
  INTERNAL: {
    title: 'Studyhall failed',
    advice: 'The fault is ours and was logged. Trying again may help.',
  },
}

/** Why a run failed and what to do about it. */
export function RunFailureNotice({ run, base }: { run: PageRun; base: string }) {
  if (!run.failure) return null
  const { title, advice } = words[run.failure.code]
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={title} role="alert">
      <Text size="sm">{run.failure.message}</Text>
      <Text size="sm" mt={6}>
        {advice}
      </Text>
      <LinkButton
        href={`${base}/runs/new?cohort=${run.cohort.id}&dataset=${run.datasetVersion.id}`}
        variant="default"
        size="xs"
        mt="sm"
      >
        Start again with changes
      </LinkButton>
    </Alert>
  )
}
