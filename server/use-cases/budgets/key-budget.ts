import { isEnded } from '../../../contract/runs/run-states.ts'
import type { ApiKey, Database, Run, Transaction } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'

/** What a key may spend and has spent; source of the schema's KeyBudget. */
export interface KeyBudget {
  maxRuns: number | null
  runsStarted: number
  maxDeviceMinutes: number | null
  deviceMinutesUsed: number
}

type Key = Pick<ApiKey, 'id' | 'maxRuns' | 'maxDeviceMinutes' | 'runsStarted'>

/** Null for a key that may spend as much as the team. */
export async function readBudget(database: Database, key: Key): Promise<KeyBudget | null> {
  const { id, maxRuns, maxDeviceMinutes, runsStarted } = key
  if (maxRuns === null && maxDeviceMinutes === null) return null
  return { maxRuns, runsStarted, maxDeviceMinutes, deviceMinutesUsed: await minutesOf(database, id) }
}

/** The same of whoever acts; null for a session. */
export async function readActorBudget(database: Database, actor: Actor): Promise<KeyBudget | null> {
  if (actor.kind === 'session') return null
  const key = await database.apiKey.findUnique({ where: { id: actor.apiKeyId } })
  return key && readBudget(database, key)
}

/** The key under which a run is started, for its budget. */
export function spenderOf(actor: Actor): string | null {
  return actor.kind === 'apiKey' ? actor.apiKeyId : null
}

/**
 * Counts runs that are about to be queued, in their transaction: however many are asked for at once, no more are started
 * than the key may.
 * @throws AppError LIMIT_EXCEEDED
 */
export async function spendRuns(tx: Transaction, keyId: string | null, runs: number): Promise<void> {
  if (keyId === null || runs === 0) return
  const counted = await tx.$executeRaw`
    UPDATE "ApiKey" SET "runsStarted" = "runsStarted" + ${runs}::int
    WHERE id = ${keyId} AND ("maxRuns" IS NULL OR "runsStarted" + ${runs}::int <= "maxRuns")`
  const { maxRuns, runsStarted, maxDeviceMinutes } = await tx.apiKey.findUniqueOrThrow({
    where: { id: keyId },
  })
  if (counted === 0)
    throw new AppError(
      'LIMIT_EXCEEDED',
      `This API key may start ${maxRuns} runs in all. It has started ${runsStarted}, and this would be ${runs} more. Somebody of the team has to make another key.`,
    )
  await requireMinutes(tx, keyId, maxDeviceMinutes)
}

/**
 * Whoever continues a run answers for what it uses from here on: a person, or another key. What its earlier attempts used
 * still counts against the key that had them.
 */
export async function answerFor(tx: Transaction, runId: string, actor: Actor | null): Promise<void> {
  if (actor) await tx.run.update({ where: { id: runId }, data: { apiKeyId: spenderOf(actor) } })
}

/**
 * Whether a key may let a run go on. One with a budget continues its own runs alone, whose minutes are counted, and
 * deletes none, for with them the count would go.
 * @throws AppError FORBIDDEN, or LIMIT_EXCEEDED
 */
export async function requireSpendable(
  database: Database,
  actor: Actor | null,
  run: Pick<Run, 'apiKeyId' | 'number'>,
  isDeleted = false,
): Promise<void> {
  if (actor?.kind !== 'apiKey') return
  const key = await database.apiKey.findUnique({ where: { id: actor.apiKeyId } })
  if (!key || (key.maxRuns === null && key.maxDeviceMinutes === null)) return
  if (isDeleted) throw new AppError('FORBIDDEN', 'An API key with a budget deletes no runs.')
  if (run.apiKeyId !== key.id)
    throw new AppError(
      'FORBIDDEN',
      `Run ${run.number} was not started by this API key, whose budget counts its own runs alone.`,
    )
  await requireMinutes(database, key.id, key.maxDeviceMinutes)
}

async function requireMinutes(
  database: Database | Transaction,
  keyId: string,
  most: number | null,
): Promise<void> {
  if (most === null) return
  const used = await minutesOf(database, keyId)
  if (used < most) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The runs of this API key may take ${most} minutes on devices in all, and have taken ${Math.floor(used)}.`,
  )
}

async function minutesOf(database: Database | Transaction, keyId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ minutes: number }[]>`
    SELECT COALESCE(sum(extract(epoch FROM COALESCE(attempt."endedAt",
        greatest(attempt."startedAt", least(now(), "Run"."leaseUntil"))) - attempt."startedAt")), 0)::float8 / 60
      AS minutes
    FROM "RunAttempt" AS attempt JOIN "Run" ON "Run".id = attempt."runId" WHERE attempt."apiKeyId" = ${keyId}`
  return row?.minutes ?? 0
}

export interface Overspent {
  runId: string
  keyId: string
  keyName: string
  /** Of all runs of the key, and how many they may be. */
  minutes: number
  most: number
}

/** The runs that have not ended of keys whose minutes are spent. */
export async function findOverspent(database: Database): Promise<Overspent[]> {
  const keys = await database.apiKey.findMany({
    where: { maxDeviceMinutes: { not: null } },
    select: { id: true, name: true, maxDeviceMinutes: true },
  })
  const overspent: Overspent[] = []
  for (const { id, name, maxDeviceMinutes } of keys) {
    const most = maxDeviceMinutes ?? Number.POSITIVE_INFINITY
    const runs = await database.run.findMany({
      where: { apiKeyId: id, finishedAt: null },
      select: { id: true, status: true },
    })
    const open = runs.filter(({ status }) => !isEnded(status))
    const minutes = open.length > 0 ? await minutesOf(database, id) : 0
    if (open.length > 0 && minutes >= most)
      overspent.push(...open.map((run) => ({ runId: run.id, keyId: id, keyName: name, minutes, most })))
  }
  return overspent
}
