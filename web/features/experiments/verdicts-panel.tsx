import { Text } from '@mantine/core'
import { Panel } from '../../design/panel.tsx'
import type { ComparisonPartsFragment, VerdictKind } from '../../graphql/generated/operations.ts'

type Compared = ComparisonPartsFragment & {
  difference: NonNullable<ComparisonPartsFragment['difference']>
}

/** What it takes to tell an experiment's answer, of a team's page or of a shared one. */
export interface ComparedExperiment {
  conditions: readonly string[]
  results: { comparisons: readonly ComparisonPartsFragment[] }
}

/** What an arm differs by from its control, of the average student, the ensemble and each student. */
export function comparedScores({ results }: Pick<ComparedExperiment, 'results'>): Compared[] {
  return results.comparisons
    .filter((comparison): comparison is Compared => comparison.difference !== null)
    .filter(({ measure }) => measure.part === 'MAIN' || measure.student !== null)
}

const TONES: Partial<Record<VerdictKind, string>> = {
  GAIN: 'border-l-[#2f9e5b]',
  WORSE: 'border-l-[#e03131]',
}

/** The answer in words, for the average student, the ensemble and each student. */
export function VerdictsPanel({ experiment }: { experiment: ComparedExperiment }) {
  const compared = comparedScores(experiment)
  if (compared.length === 0)
    return (
      <Panel title="Verdict">
        <Text size="sm" c="dimmed">
          No two arms have finished with the same seed yet, so there is nothing to compare.
        </Text>
      </Panel>
    )
  const hasConditions = experiment.conditions.length > 1
  return (
    <Panel title="Verdict" note="An effect is told only where its interval excludes 0">
      <ul className="m-0 flex list-none flex-col gap-2 p-0">
        {compared.map(({ condition, arm, control, measure, difference }) => (
          <li
            key={`${condition} ${arm} ${measure.name}`}
            className={`border-0 border-l-4 border-solid pl-3 ${TONES[difference.verdict.kind] ?? 'border-l-[var(--line)]'}`}
          >
            <Text size="sm" fw={measure.isPrimary ? 600 : 400}>
              {measure.name}: {difference.verdict.words}
            </Text>
            <Text size="xs" c="dimmed">
              {hasConditions && `${condition}: `}“{arm}” over “{control}”, {difference.seedsBetter} seeds
              better
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
