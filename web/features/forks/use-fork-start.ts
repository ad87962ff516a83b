import { notifications } from '@mantine/notifications'
import { useRef } from 'react'
import {
  CreateCohortDocument,
  ForkRunDocument,
  type ForkRunMutationVariables,
  type ProblemFragment,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { type CohortValues, toInput } from '../cohorts/cohort-form-values.ts'
import { notifyProblems } from '../run-list/notify-problems.ts'
import type { recipeChanges } from './fork-values.ts'

interface Wanted {
  runId: string
  step: number
  /** Null where the run's own goes on. */
  cohort: CohortValues | null
  recipe: ReturnType<typeof recipeChanges>
  withTwin: boolean
}

/** Where what the server refuses is shown. */
interface Refusals {
  onCohort(errors: ProblemFragment[]): void
  onFork(errors: ProblemFragment[]): void
}

/** Creates the cohort, if it is another one, and starts the fork and its twin. */
export function useForkStart({ onCohort, onFork }: Refusals) {
  const { team } = useTeam()
  const [createCohort, creating] = useMutationWithRetry(CreateCohortDocument, { refetchQueries: ['Cohorts'] })
  const [forkRun, forking] = useMutationWithRetry(ForkRunDocument, {
    refetchQueries: ['RunTable', 'TeamHome'],
  })
  // A fork that was refused does not make its cohort once more.
  const made = useRef<{ text: string; id: string } | null>(null)
  // A double click, or a retry after a network failure, must not start two runs.
  const keys = useRef(new Map<string, string>())

  async function cohortIdOf(values: CohortValues): Promise<string | null> {
    const input = toInput(values, team.id)
    const text = JSON.stringify(input)
    if (made.current?.text === text) return made.current.id
    const answer = await createCohort({ input })
    if (!answer) return null
    const { cohort, errors } = answer.createCohort
    onCohort(errors)
    if (cohort) made.current = { text, id: cohort.id }
    return cohort?.id ?? null
  }

  async function fork(input: ForkRunMutationVariables['input']) {
    const text = JSON.stringify(input)
    const idempotencyKey = keys.current.get(text) ?? crypto.randomUUID()
    keys.current.set(text, idempotencyKey)
    return (await forkRun({ input: { ...input, idempotencyKey } }))?.forkRun
  }

  /** @returns the new run's number; null where it was not started, which is told then */
  async function start({ runId, step, cohort, recipe, withTwin }: Wanted): Promise<number | null> {
    const cohortId = cohort && (await cohortIdOf(cohort))
    if (cohort && cohortId === null) return null
    const answer = await fork({ runId, step, cohortId, recipe })
    if (!answer) return null
    onFork(answer.errors)
    const { run, warnings } = answer
    if (!run) return null
    for (const message of warnings)
      notifications.show({ color: 'yellow', title: `Run ${run.number} may not train well`, message })
    if (withTwin) {
      const { learningRate: _, ...length } = recipe
      const twin = await fork({ runId, step, cohortId: null, recipe: length })
      notifyProblems('The unchanged fork was not started', twin?.errors)
    }
    return run.number
  }
  return { start, busy: creating || forking }
}
