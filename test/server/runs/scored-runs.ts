import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import type { Database } from '../../../prisma/client.ts'
import { insertCohort, insertRun, insertVersion, moveRun, type Owner } from '../rows.ts'

/**
 * Runs 1 to 6 of a team: two seeds of each of three learning rates, the last of another cohort. Run 6 waits; the others
 * have succeeded, with a best score that grows with their number.
 */
export async function insertScoredRuns(database: Database, owner: Owner): Promise<string[]> {
  const { versionId } = await insertVersion(database, owner)
  const cohorts = [await insertCohort(database, owner), await insertCohort(database, owner)]
  const runIds: string[] = []
  for (const [i, learningRate] of [0.1, 0.1, 0.05, 0.05, 0.01, 0.01].entries()) {
    const id = await insertRun(database, owner, { cohortId: cohorts[i < 4 ? 0 : 1]!.cohortId, versionId })
    const recipe = resolveRecipe('quick', { learningRate })
    await database.run.update({ where: { id }, data: { seed: 1 + (i % 2), recipe } })
    runIds.push(id)
  }
  for (const [i, id] of runIds.slice(0, 5).entries()) {
    await recordScores(database, owner, { runId: id, student: 0, values: [0.5, 0.6 + i / 100, 0.55] })
    await recordScores(database, owner, { runId: id, student: 1, values: [0.4, 0.5, 0.56] })
    await moveRun(database, id, ['STARTING', 'RUNNING', 'SUCCEEDED'])
  }
  return runIds
}

interface Scores {
  runId: string
  student: number
  values: number[]
}

/** A student's accuracies after steps 10, 20 and so on, as a worker records them: one event each. */
async function recordScores(database: Database, { teamId }: Owner, scores: Scores): Promise<void> {
  const { runId, student, values } = scores
  for (const [i, value] of values.entries()) {
    const step = 10 * (i + 1)
    const place = { firstStep: step, lastStep: step, steps: [step], eventSeq: i + 1 }
    await database.metricChunk.create({
      data: { teamId, runId, student, name: 'testTop1', values: [value], ...place },
    })
  }
}
