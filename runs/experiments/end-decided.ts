import { decidingLook } from '../../experiments/decide.ts'
import type { Database } from '../../prisma/client.ts'
import { endExperiment } from './end-experiment.ts'
import { readRecord } from './read-record.ts'

const TRANSACTION = { timeout: 60_000 }

/** Ends the experiments whose stopping rule says so. @returns their ids */
export async function endDecided(database: Database): Promise<string[]> {
  const candidates = await database.$queryRaw<{ id: string }[]>`
    SELECT id FROM "Experiment" AS experiment
    WHERE "canceledAt" IS NULL AND "decidedAt" IS NULL AND plan #> '{file,stopping}' IS NOT NULL
      AND EXISTS (SELECT FROM "Run" WHERE "teamId" = experiment."teamId" AND "experimentId" = experiment.id
        AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED'))`
  const ended: string[] = []
  for (const { id } of candidates) {
    const experiment = await database.experiment.findUniqueOrThrow({ where: { id } })
    if (decidingLook(await readRecord(database, experiment)) === null) continue
    await database.$transaction((tx) => endExperiment(tx, id, 'DECIDED'), TRANSACTION)
    ended.push(id)
  }
  return ended
}
