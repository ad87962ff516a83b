import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { LinkButton } from '../../../design/link-button.tsx'
import type { FailureCode } from '../../../graphql/generated/operations.ts'
import type { PageRun } from '../live/run-feed.ts'

const words: Record<FailureCode, { title: string; advice: string }> = {
  NOT_FINITE: {
    title: 'The loss became NaN or infinite',
    advice: 'Start again with a lower learning rate or a smaller batch.',
  },
  OUT_OF_MEMORY: {
    title: 'The worker ran out of memory',
    advice: 'Start again with a smaller batch, fewer students or smaller networks.',
  },
  ENGINE_ERROR: {
    title: 'TensorFlow raised an error',
    advice: 'Start again; if it happens twice, change the recipe or the networks.',
  },
  WORKER_LOST: {
    title: 'The worker was lost',
    advice: 'Try again once a worker is running: it resumes from its last checkpoint.',
  },
  BAD_RECIPE: {
    title: 'The recipe is invalid',
    advice: 'Clone the run with a valid recipe.',
  },
  DISK_FULL: { title: 'A disk is full', advice: 'Free some space; the run then continues by itself.' },
  DATASET_GONE: { title: 'The images are gone', advice: 'Import the dataset again, then start a new run.' },
  INTERNAL: {
    title: 'Studyhall failed',
    advice: 'An internal error; it was logged. Trying again may help.',
  },
}

/** Says why a run failed and what to do about it. */
export function RunFailureNotice({ run, base }: { run: PageRun; base: string }) {
  if (!run.failure) return null
  const { title, advice } = words[run.failure.code]
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={title} role="alert">
      <Text size="sm">{run.failure.message}</Text>
      <Text size="sm" mt={6}>
        {advice}
      </Text>
      <LinkButton href={`${base}/runs/new?from=${run.number}`} variant="default" size="xs" mt="sm">
        Start again with changes
      </LinkButton>
    </Alert>
  )
}
