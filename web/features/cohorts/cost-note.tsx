import { Text } from '@mantine/core'
import { type CohortCost, costOfCohort } from './cohort-cost.ts'
import type { CohortValues } from './cohort-form-values.ts'
import { formatMs, type Network } from './network-table.tsx'

/** What the cohort costs against one of its students alone. */
export function CostNote({ values, networks }: { values: CohortValues; networks: readonly Network[] }) {
  const cost = costOfCohort(values, networks)
  return (
    <Text size="sm" mt="md" aria-live="polite">
      {cost ? describe(cost) : 'What this cohort costs cannot be told: one of its networks is unknown.'}
    </Text>
  )
}

function describe({ alone, ratio, measured }: CohortCost): string {
  const times = `A training step costs about ${ratio.toFixed(1)} times that of ${alone} alone`
  return measured
    ? `${times}: ${formatMs(measured.cohortMs)} instead of ${formatMs(measured.aloneMs)} for 64 images, as measured on ${measured.device}.`
    : `${times}, by multiply-adds: not all of these networks have been measured here yet.`
}
