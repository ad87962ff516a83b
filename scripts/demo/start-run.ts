import {
  type RunPartsFragment,
  RunsDocument,
  StartRunDocument,
} from '../../cli/studyhall/api/generated/operations.ts'
import type { TeamClient } from '../../cli/studyhall/api/open-team.ts'
import { takeOrCreate } from '../../cli/studyhall/commands/ensure-cohort.ts'

interface DemoStudent {
  name: string
  architecture: string
}

const PRESET = 'quick'
const SEED = 1

/** Starts a run of these students, or takes up the one that an interrupted demo left: it goes on where it was. */
export async function startRun(
  client: TeamClient,
  students: DemoStudent[],
  datasetVersionId: string,
): Promise<RunPartsFragment> {
  const name = `Demo: ${students.map((student) => student.architecture).join(' and ')}`
  const { id: cohortId } = await takeOrCreate(client, { name, students })
  const unfinished = await findUnfinishedRun(client, cohortId, datasetVersionId)
  if (unfinished) return unfinished
  const { startRun } = await client.api.ask(StartRunDocument, {
    input: { cohortId, datasetVersionId, preset: PRESET, seed: SEED },
  })
  return startRun.run!
}

async function findUnfinishedRun({ api, team }: TeamClient, cohortId: string, datasetVersionId: string) {
  const { node } = await api.ask(RunsDocument, {
    teamId: team.id,
    first: 100,
    statuses: ['QUEUED', 'STARTING', 'RUNNING'],
  })
  const runs = node?.__typename === 'Team' ? node.runs.nodes : []
  // Newest first, and the oldest is the next to end.
  return runs.findLast(
    (run) =>
      run.preset === PRESET && run.cohort.id === cohortId && run.datasetVersion.id === datasetVersionId,
  )
}
