/** Alarms of a run that trains: each change is an event, and those that are open stand in the run's row. */
import { z } from 'zod'
import type { AlarmChange } from '../contract/alarms/alarm-watch.ts'
import { RunFinding } from '../contract/runs/run-findings.ts'
import type { MetricPoint } from '../contract/training.ts'
import { type Database, Prisma, type Run, type Transaction } from '../prisma/client.ts'
import { recordRunEvent } from './events.ts'
import { type Lease, writeUnderLease } from './lease.ts'

/** Writes changes as events and as lines of the log, and what is open after them to the run's row. */
export async function recordAlarms(
  database: Database,
  lease: Lease,
  changes: readonly AlarmChange[],
  open: readonly RunFinding[],
): Promise<void> {
  await writeUnderLease(database, lease, (tx) => writeChanges(tx, lease, changes, open))
}

/** Makes the open alarms those that follow from what is recorded up to a step, after later steps were taken back. */
export async function replaceAlarms(
  database: Database,
  lease: Lease,
  step: number,
  open: readonly RunFinding[],
): Promise<void> {
  await writeUnderLease(database, lease, async (tx) => {
    const before = alarmsOf(await tx.run.findUniqueOrThrow({ where: { id: lease.runId } }))
    const over = before.filter((finding) => !isAmong(open, finding))
    const raised = open.filter((finding) => !isAmong(before, finding))
    const changes = [
      ...over.map((finding) => ({ isOver: true, step, finding })),
      ...raised.map((finding) => ({ isOver: false, step, finding })),
    ]
    if (changes.length > 0) await writeChanges(tx, lease, changes, open)
  })
}

function isAmong(findings: readonly RunFinding[], { code, student }: RunFinding): boolean {
  return findings.some((one) => one.code === code && one.student === student)
}

async function writeChanges(
  tx: Transaction,
  { runId, fence }: Lease,
  changes: readonly AlarmChange[],
  open: readonly RunFinding[],
): Promise<void> {
  for (const { isOver, step, finding } of changes) {
    await recordRunEvent(tx, runId, fence, { kind: 'ALARM', isOver, step, finding })
    const { message, cause, suggestion } = finding
    const line = isOver
      ? { level: 'INFO' as const, message: `Over at step ${step}: ${message}` }
      : { level: 'WARN' as const, message: `${message} ${cause} ${suggestion}` }
    await recordRunEvent(tx, runId, fence, { kind: 'LOG', source: 'WORKER', ...line })
  }
  await tx.run.update({ where: { id: runId }, data: { alarms: [...open] } })
}

/** The alarms that are open, as far as they have been written. */
export function alarmsOf({ alarms }: Pick<Run, 'alarms'>): RunFinding[] {
  return z.array(RunFinding).parse(alarms)
}

/** Of so many of the latest steps, every loss is read again; of those before, the last of each group recorded together. */
const LATEST_STEPS = 100

/** What alarms are decided by, of the steps that a run has done: scores on the test images, and losses on the labels. */
export async function readWatchedPoints(database: Database, runId: string): Promise<MetricPoint[]> {
  return database.$queryRaw<MetricPoint[]>`
    SELECT NULLIF(student, -1)::int AS student, chunk.name, point.step, point.value
    FROM "MetricChunk" AS chunk JOIN "Run" AS run ON run.id = chunk."runId",
      unnest(chunk.steps, chunk."values") AS point (step, value)
    WHERE chunk."runId" = ${runId} AND (chunk.name LIKE 'test%' OR (chunk.name = 'labelLoss'
      AND (point.step = chunk."lastStep" OR point.step > run.step - ${LATEST_STEPS}::int)))
    ORDER BY point.step, student`
}

/** Test accuracies of other runs' students, by run, position and step. */
export async function readTestAccuracies(
  database: Database,
  students: readonly { runId: string; position: number }[],
): Promise<{ runId: string; position: number; step: number; top1: number }[]> {
  if (students.length === 0) return []
  const pairs = students.map(({ runId, position }) => Prisma.sql`(${runId}, ${position})`)
  return database.$queryRaw`
    SELECT "runId", student::int AS position, point.step, point.value AS top1
    FROM "MetricChunk", unnest(steps, "values") AS point (step, value)
    WHERE name = 'testTop1' AND ("runId", student) IN (${Prisma.join(pairs)})`
}

/** How often a run's students disagreed on the test images, by step. */
export async function readDisagreements(
  database: Database,
  runId: string,
): Promise<{ step: number; value: number }[]> {
  return database.$queryRaw`
    SELECT point.step, point.value FROM "MetricChunk", unnest(steps, "values") AS point (step, value)
    WHERE "runId" = ${runId} AND name = 'testDisagreement' ORDER BY point.step`
}
