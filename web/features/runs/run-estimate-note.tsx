'use client'

import { useQuery } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { RunEstimateDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { estimateWords } from './estimate-words.ts'

const DEBOUNCE_MS = 400

interface Props {
  cohortId: string
  datasetVersionId: string
  preset: string
  overrides: object
}

/** How long the run of the form takes, and when it would start. */
export function RunEstimateNote(props: Props) {
  const { team } = useTeam()
  const [asked] = useDebouncedValue(JSON.stringify(props), DEBOUNCE_MS)
  const { overrides, ...order } = JSON.parse(asked) as Props
  const { data, previousData, error } = useQuery(RunEstimateDocument, {
    variables: { slug: team.slug, ...order, recipe: overrides },
    fetchPolicy: 'network-only',
  })
  const estimate = (data ?? previousData)?.team?.runEstimate
  return (
    <Text size="sm" aria-live="polite">
      {error ? error.message : estimate ? estimateWords(estimate) : 'Estimating…'}
    </Text>
  )
}
