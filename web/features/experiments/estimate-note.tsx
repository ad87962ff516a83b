'use client'

import { useQuery } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { countOf } from '../../design/format-numbers.ts'
import { formatDuration } from '../../design/format-time.ts'
import { ExperimentEstimateDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'

const DEBOUNCE_MS = 400

/** How many runs an experiment takes, and about how long. */
export function ExperimentEstimateNote(props: { experiment: object; datasetVersionId: string }) {
  const { team } = useTeam()
  const [asked] = useDebouncedValue(JSON.stringify(props.experiment), DEBOUNCE_MS)
  const { data, error } = useQuery(ExperimentEstimateDocument, {
    variables: {
      slug: team.slug,
      datasetVersionId: props.datasetVersionId,
      experiment: JSON.parse(asked) as unknown,
    },
    fetchPolicy: 'network-only',
  })
  const estimate = data?.team?.experimentEstimate
  return (
    <Text size="sm" aria-live="polite">
      {error
        ? error.message
        : !estimate
          ? 'Estimating…'
          : `${countOf(estimate.runs, 'run')}${
              estimate.seconds === null
                ? '; how long they take cannot be told before the start.'
                : `, about ${formatDuration(estimate.seconds)}.`
            } ${estimate.basis}`}
    </Text>
  )
}
