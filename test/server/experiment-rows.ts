import { newId } from '../../contract/ids.ts'
import { ExperimentFile, readDesign } from '../../experiments/design/experiment-file.ts'
import type { Database } from '../../prisma/client.ts'
import type { Owner } from './rows.ts'

/** An experiment of which the run is the only trial. */
export async function insertExperiment(
  database: Database,
  { teamId, userId }: Owner,
  { runId, versionId }: { runId: string; versionId: string },
): Promise<string> {
  const id = newId('Experiment')
  const { experimentsMade: number } = await database.team.update({
    where: { id: teamId },
    data: { experimentsMade: { increment: 1 } },
  })
  const students = ['ada', 'grace'].map((name) => ({ name, architecture: 'resnet-8' }))
  const teaching = { method: 'MUTUAL' }
  const file = {
    title: 'One arm',
    recipe: { preset: 'quick' },
    conditions: [{ name: 'clean' }],
    arms: [{ name: 'mutual', students, teaching }],
    seeds: [1],
  }
  const { conditions, arms } = readDesign(file)
  const plan = { file: ExperimentFile.parse(file), conditions, arms, threadsPerOperation: 1 }
  const owned = { teamId, number, title: file.title, datasetVersionId: versionId, createdById: userId }
  await database.experiment.create({ data: { id, ...owned, plan } })
  const trial = { condition: 'clean', arm: 'mutual', seed: 1 }
  await database.experimentTrial.create({ data: { teamId, experimentId: id, runId, ...trial } })
  return id
}
