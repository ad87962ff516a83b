import type { ApiClient } from '../../cli/studyhall/api/client.ts'
import { ARCHITECTURE, type SeededRun } from './seeded-runs.ts'
import { waitForRun } from './wait-for-run.ts'

export interface TeamRun {
  id: string
  number: number
  status: string
  /** It was started just now. */
  isNew: boolean
}

interface StartedRun {
  id: string
  number: number
  lastSeq: number
}

interface ListedRun extends StartedRun {
  status: string
  cohort: { name: string }
}

const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELED']

/** The run of this cohort that is what it is to become, or one that becomes it while this waits. */
export async function ensureRun(
  api: ApiClient,
  teamId: string,
  datasetVersionId: string,
  seeded: SeededRun,
  tell: (message: string) => void,
): Promise<TeamRun> {
  const { runs, cohortId } = await findCohort(api, teamId, seeded.cohort)
  const there = runs.find(({ status }) => status === seeded.becomes)
  if (there) return { ...there, isNew: false }
  const unfinished = runs.find(({ status }) => !ENDED.includes(status))
  if (unfinished?.status === 'PAUSED') await resumeRun(api, unfinished.id)
  const run =
    unfinished ??
    (await startRun(api, {
      cohortId: cohortId ?? (await createCohort(api, teamId, seeded)),
      datasetVersionId,
      recipe: seeded.recipe,
    }))
  await waitForRun(api, run, seeded.becomes, tell)
  return { id: run.id, number: run.number, status: seeded.becomes, isNew: !unfinished }
}

async function findCohort(api: ApiClient, teamId: string, name: string) {
  type Team = { runs: { nodes: ListedRun[] }; cohorts: { nodes: { id: string; name: string }[] } }
  const { node } = await api.ask<{ node: Team }>(
    `query ($id: ID!) { node(id: $id) { ... on Team {
      runs(first: 100) { nodes { id number lastSeq status cohort { name } } }
      cohorts(first: 100) { nodes { id name } } } } }`,
    { id: teamId },
  )
  return {
    cohortId: node.cohorts.nodes.find((cohort) => cohort.name === name)?.id,
    runs: node.runs.nodes.filter(({ cohort }) => cohort.name === name),
  }
}

async function createCohort(
  api: ApiClient,
  teamId: string,
  { cohort, students }: SeededRun,
): Promise<string> {
  const input = {
    teamId,
    name: cohort,
    students: students.map((name) => ({ name, architecture: ARCHITECTURE })),
  }
  const { createCohort } = await api.ask<{ createCohort: { cohort: { id: string } } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { cohort { id } errors { message } } }',
    { input },
  )
  return createCohort.cohort.id
}

async function startRun(api: ApiClient, input: object): Promise<StartedRun> {
  const { startRun } = await api.ask<{ startRun: { run: StartedRun } }>(
    'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id number lastSeq } errors { message } } }',
    { input },
  )
  return startRun.run
}

async function resumeRun(api: ApiClient, id: string): Promise<void> {
  await api.ask(
    'mutation ($input: ResumeRunInput!) { resumeRun(input: $input) { run { id } errors { message } } }',
    { input: { runId: id } },
  )
}
