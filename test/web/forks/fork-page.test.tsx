import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { ForkPage } from '../../../web/features/forks/fork-page.tsx'
import { placeOf, TeamContext } from '../../../web/team-scope.ts'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'
import { atOf, pageRun } from '../runs/page-run.ts'

const push = vi.fn()
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }))

const { cohort: plain } = pageRun()
const teaching = { __typename: 'Teaching', ...plain.teaching }
const cohort = { __typename: 'Cohort', ...plain, teaching }
const team = { id: 'team_1', slug: 'lab', name: 'Lab', deletionDueAt: null }
const checkpoint = (step: number, kind: string) => ({
  ...{
    __typename: 'Checkpoint',
    step,
    epoch: 1,
    kind,
    byteLength: 10,
    testTop1: null,
    createdAt: atOf(step),
  },
})
const run = (checkpoints: object[]) => ({
  ...{ __typename: 'Run', id: 'run_1', number: 1, status: 'SUCCEEDED', recipe: resolveRecipe('quick') },
  ...{ cohort, checkpoints, progress: { __typename: 'RunProgress', steps: 1_000 } },
})

type Input = Record<string, unknown>
const forks: Input[] = []
const cohorts: Input[] = []
beforeEach(() => {
  push.mockClear()
  forks.length = 0
  cohorts.length = 0
})

const notice = (path: string[], message: string) => ({
  __typename: 'UserError',
  code: 'CONFLICT',
  path,
  message,
})

/** @param refusals  what the forks that are asked for are refused with, one after the other */
function show(checkpoints: object[], refusals: object[] = [], viewerRole = 'MEMBER') {
  const { client, asked } = createAnsweringClient((operation, variables) => {
    const input = (variables.input ?? {}) as Input
    if (operation === 'ForkForm')
      return { team: { __typename: 'Team', ...team, run: run(checkpoints), networks: [] } }
    if (operation === 'CreateCohort') {
      cohorts.push(input)
      return { createCohort: { cohort: { ...cohort, id: 'coh_2' }, errors: [] } }
    }
    if (operation !== 'ForkRun') return { team: { __typename: 'Team', ...team, quotas: [] } }
    forks.push(input)
    const refusal = refusals.shift()
    const made = { __typename: 'Run', id: `run_${forks.length + 1}`, number: forks.length + 1 }
    return { forkRun: { run: refusal ? null : made, warnings: [], errors: refusal ? [refusal] : [] } }
  })
  render(
    <Surroundings client={client}>
      <TeamContext value={placeOf({ ...team, viewerRole } as never)}>
        <ForkPage number={1} />
      </TeamContext>
    </Surroundings>,
  )
  return { asked }
}
const start = () => fireEvent.click(screen.getByRole('button', { name: 'Start the fork' }))
const reads = (asked: string[]) => asked.filter((operation) => operation === 'ForkForm').length

it('makes one cohort of another teaching, and asks again for the same fork by the same key', async () => {
  show([checkpoint(1_000, 'FINAL'), checkpoint(600, 'BEST')], [notice([], 'The team’s limit is reached.')])
  fireEvent.click(await screen.findByRole('radio', { name: 'Independent' }))
  fireEvent.click(screen.getByRole('switch', { name: /^Also go on unchanged/ }))
  start()
  await screen.findByText('The team’s limit is reached.')
  expect(push).not.toHaveBeenCalled()
  start()
  await waitFor(() => expect(push).toHaveBeenCalledWith('/lab/runs/3'))
  expect(screen.queryByText('The team’s limit is reached.')).toBeNull()
  expect(cohorts).toMatchObject([
    { name: 'Two small ones, from step 600', teaching: { method: 'INDEPENDENT' } },
  ])
  const asked = { runId: 'run_1', step: 600, cohortId: 'coh_2', recipe: {} }
  expect(forks).toMatchObject([asked, asked, { ...asked, cohortId: null }])
  const [first, second, twin] = forks.map(({ idempotencyKey }) => idempotencyKey)
  expect(second).toBe(first)
  expect(twin).not.toBe(first)
})

it('asks for nothing that would be refused, and says what', async () => {
  const { asked } = show([checkpoint(1_000, 'FINAL')])
  await screen.findByRole('button', { name: 'Start the fork' })
  start()
  await screen.findByText(/^The checkpoint is of step 1,000, and so many epochs end with step 1,000/)
  fireEvent.change(screen.getByLabelText('Name of student 1'), { target: { value: 'eve' } })
  fireEvent.change(screen.getByLabelText('Name of student 2'), { target: { value: 'fay' } })
  start()
  await screen.findByText(/^Nobody of the run stays/)
  expect(asked).not.toContain('ForkRun')
  expect(asked).not.toContain('CreateCohort')
})

it('reads the checkpoints anew where the run has dropped the chosen one', async () => {
  const { asked } = show(
    [checkpoint(600, 'BEST')],
    [notice(['step'], 'Run 1 has no checkpoint of step 600.')],
  )
  await screen.findByRole('button', { name: 'Start the fork' })
  start()
  await screen.findByText('Run 1 has no checkpoint of step 600.')
  await waitFor(() => expect(reads(asked)).toBe(2))
  expect(cohorts).toEqual([])
})

it('has no form for whoever only looks, nor where there is no checkpoint of the run’s own', async () => {
  show([checkpoint(600, 'BEST')], [], 'VIEWER')
  await screen.findByText('You cannot start runs in this team')
  show([checkpoint(600, 'ORIGIN')])
  await screen.findByText('There is no checkpoint')
  expect(screen.queryByRole('button', { name: 'Start the fork' })).toBeNull()
})
