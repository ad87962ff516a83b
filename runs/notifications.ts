/**
 * The NOTIFY channels and the codec of their payloads: written in SQL, read by listeners. Payloads carry ids
 * and sequence numbers only; the data is in the rows.
 */
import { Prisma, type Transaction } from '../prisma/client.ts'

const CHANNELS = {
  runEvent: 'run_events',
  /** Tells the worker that holds the run to reread its row. */
  runControl: 'run_control',
  datasetVersion: 'dataset_versions',
  /** A team's name, address or members changed; sent by triggers. */
  team: 'teams',
  /** There are events to dispatch; sent by a trigger, as those below. */
  teamEvent: 'team_events',
  /** A person's notices changed. */
  notice: 'notices',
} as const

export type NotificationKind = keyof typeof CHANNELS

export type Notification =
  | { kind: 'runEvent'; runId: string; seq: number }
  | { kind: 'runControl'; runId: string }
  | { kind: 'datasetVersion'; datasetVersionId: string }
  | { kind: 'team'; teamId: string }
  | { kind: 'teamEvent' }
  | { kind: 'notice'; userId: string }

export function channelOf(kind: NotificationKind): string {
  return CHANNELS[kind]
}

/** A SELECT expression that notifies at commit, once per row; both arguments are column expressions. */
export function notifyRunEventSql(runId: Prisma.Sql, seq: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`pg_notify(${CHANNELS.runEvent}, ${runId} || '|' || ${seq})`
}

/** As notifyRunEventSql, for a dataset version. */
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

/** @returns null for a channel that is not ours, or a payload in the format of another version */
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
    case CHANNELS.team:
      return payload === '' ? null : { kind: 'team', teamId: payload }
    case CHANNELS.teamEvent:
      return { kind: 'teamEvent' }
    case CHANNELS.notice:
      return payload === '' ? null : { kind: 'notice', userId: payload }
    default:
      return null
  }
}
