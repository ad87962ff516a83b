import type { Database, Transaction } from '../../../prisma/client.ts'
import { SYSTEM, writeEvents } from '../../audit/events.ts'
import { subjectOf } from '../../audit/subjects.ts'
import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'
import { cancelRuns } from './delete-team.ts'

const PURGE_EVERY_MS = 10 * 60_000
/** Of millions of points. */
const LONGEST_PURGE_MS = 10 * 60_000

/** Deletes the teams whose last day is over, now and every ten minutes. @returns what ends it */
export function purgeDeletedTeams(services: Services): () => void {
  return repeatQuietly(
    PURGE_EVERY_MS,
    () => purgeOnce(services),
    (error) => services.log.warn({ err: error }, 'deleting teams failed'),
  )
}

export async function purgeOnce(services: Services): Promise<void> {
  const due = await services.database.team.findMany({ where: { deletionDueAt: { lte: new Date() } } })
  // One that cannot be deleted keeps no other from it.
  for (const { id } of due)
    await purgeWhole(services, id).catch((error) =>
      services.log.warn({ err: error, team: id }, 'a team could not be deleted'),
    )
}

async function purgeWhole({ database, uploads, log }: Services, teamId: string): Promise<void> {
  // Whatever was begun while its owner asked.
  await cancelRuns(database, teamId)
  const partial = await database.upload.findMany({ where: { teamId, status: 'OPEN' } })
  if (!(await purgeTeam(database, teamId))) return
  for (const upload of partial) await uploads.remove(upload.id)
  log.info({ team: teamId }, 'a team was deleted')
}

/** The rows; blobs that no row names any longer are collected by a worker. @returns false where it was kept meanwhile */
function purgeTeam(database: Database, teamId: string): Promise<boolean> {
  const purge = async (tx: Transaction) => {
    const [team] = await tx.$queryRaw<{ id: string; name: string }[]>`
      SELECT id, name FROM "Team" WHERE id = ${teamId} AND "deletionDueAt" <= now() FOR UPDATE`
    if (!team) return false
    const where = { where: { teamId } }
    const people = await tx.member.count({ where: { teamId, user: { isServiceAccount: false } } })
    // A student refers to its teacher's model, and a model to its student.
    await tx.student.updateMany({ ...where, data: { finishedModelId: null, weightsSha256: null } })
    await tx.model.deleteMany(where)
    await tx.ensemble.deleteMany(where)
    await tx.$executeRaw`DELETE FROM "MetricBlock" WHERE "runId" IN (SELECT id FROM "Run" WHERE "teamId" = ${teamId})`
    // A trial's run names its experiment.
    await tx.run.deleteMany(where)
    await tx.experiment.deleteMany(where)
    await tx.cohort.deleteMany(where)
    await tx.dataset.deleteMany(where)
    await tx.givenWeights.deleteMany(where)
    await tx.upload.deleteMany(where)
    await tx.user.deleteMany({ where: { serviceAccount: { teamId } } })
    await tx.team.delete({ where: { id: teamId } })
    // Of one person alone it may have that person's name, which is forgotten with the account.
    const subject = subjectOf('Team', people > 1 ? team : { ...team, name: null })
    await writeEvents(tx, [{ actor: SYSTEM, action: 'team.purge', teamId, subject }])
    return true
  }
  return database.$transaction(purge, { timeout: LONGEST_PURGE_MS })
}
