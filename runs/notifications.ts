/**
 * What NOTIFY carries: the channels, their payloads as SQL writes them, and as a listener reads them. Ids and numbers
 * only, whatever they are about is in the rows.
 */
import { Prisma, type Transaction } from '../prisma/client.ts'

const CHANNELS = {
  runEvent: 'run_events',
  /** Something was asked of the worker that holds the run: look at its row. */
  runControl: 'run_control',
  datasetVersion: 'dataset_versions',
} as const

export type NotificationKind = keyof typeof CHANNELS

export type Notification =
  | { kind: 'runEvent'; runId: string; seq: number }
  | { kind: 'runControl'; runId: string }
  | { kind: 'datasetVersion'; datasetVersionId: string }

export function channelOf(kind: NotificationKind): string {
  return CHANNELS[kind]
}

/** An expression of SELECT that notifies at commit, once for every row; both arguments are columns. */
export function notifyRunEventSql(runId: Prisma.Sql, seq: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`pg_notify(${CHANNELS.runEvent}, ${runId} || '|' || ${seq})`
}

/** As above. */
export function notifyDatasetVersionSql(id: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`pg_notify(${CHANNELS.datasetVersion}, ${id})`
}

type Client = Pick<Transaction, '$executeRaw'>

export async function notifyDatasetVersion(client: Client, datasetVersionId: string): Promise<void> {
  await client.$executeRaw`SELECT ${notifyDatasetVersionSql(Prisma.sql`${datasetVersionId}`)}`
}

export async function notifyRunControl(client: Client, runId: string): Promise<void> {
  await client.$executeRaw`SELECT pg_notify(${CHANNELS.runControl}, ${runId})`
}

/** @returns null for what is not ours, or of a version that writes it otherwise */
export function readNotification(channel: string, payload: string): Notification | null {
  switch (channel) {
    case CHANNELS.runEvent: {
      const [, runId, seq] = /^([^|]+)\|(\d+)$/.exec(payload) ?? []
      return runId === undefined ? null : { kind: 'runEvent', runId, seq: Number(seq) }
    }
    case CHANNELS.runControl:
      return payload === '' ? null : { kind: 'runControl', runId: payload }
    case CHANNELS.datasetVersion:
      return payload === '' ? null : { kind: 'datasetVersion', datasetVersionId: payload }
    default:
      return null
  }
}
