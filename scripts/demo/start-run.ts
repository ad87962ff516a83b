import type { OwnTeam } from './own-team.ts'

interface DemoStudent {
  name: string
  architecture: string
}

export interface StartedRun {
  id: string
  number: number
}

const PRESET = 'quick'
const SEED = 1

/** Starts a run of these students, or takes up the one that an interrupted demo left: it goes on where it was. */
export async function startRun(
  demo: OwnTeam,
  students: DemoStudent[],
  datasetVersionId: string,
): Promise<StartedRun> {
  const cohortId = await findOrCreateCohort(demo, students)
  const unfinished = await findUnfinishedRun(demo, cohortId, datasetVersionId)
  if (unfinished) return unfinished
  const { startRun } = await demo.api.ask<{ startRun: { run: StartedRun } }>(
    `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id number } errors { message } } }`,
    { input: { cohortId, datasetVersionId, preset: PRESET, seed: SEED } },
  )
  return startRun.run
}

async function findUnfinishedRun({ api, team }: OwnTeam, cohortId: string, datasetVersionId: string) {
  type Row = StartedRun & { preset: string; cohort: { id: string }; datasetVersion: { id: string } }
  const { node } = await api.ask<{ node: { runs: { nodes: Row[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Team { runs(first: 100, statuses: [QUEUED, STARTING, RUNNING]) {
      nodes { id number preset cohort { id } datasetVersion { id } } } } } }`,
    { id: team.id },
  )
  // Newest first, and the oldest is the next to end.
  return node.runs.nodes.findLast(
    (run) =>
      run.preset === PRESET && run.cohort.id === cohortId && run.datasetVersion.id === datasetVersionId,
  )
}

async function findOrCreateCohort({ api, team }: OwnTeam, students: DemoStudent[]): Promise<string> {
  const name = `Demo: ${students.map((student) => student.architecture).join(' and ')}`
  const { node } = await api.ask<{ node: { cohorts: { nodes: { id: string; name: string }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Team { cohorts(first: 100) { nodes { id name } } } } }`,
    { id: team.id },
  )
  const found = node.cohorts.nodes.find((cohort) => cohort.name === name)
  if (found) return found.id
  const { createCohort } = await api.ask<{ createCohort: { cohort: { id: string } } }>(
    `mutation ($input: CreateCohortInput!) { createCohort(input: $input) { cohort { id } errors { message } } }`,
    { input: { teamId: team.id, name, students } },
  )
  return createCohort.cohort.id
}
