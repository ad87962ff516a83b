import { formatBytes, formatCount } from '../../design/format-numbers.ts'
import type { QuotaKind, QuotaRowFragment } from '../../graphql/generated/operations.ts'

const WORDS: Record<QuotaKind, string> = {
  STORED_BYTES: 'Stored',
  DEVICE_HOURS: 'Device hours this month',
  RUNS_AT_ONCE: 'Runs at a time',
  QUEUED_RUNS: 'Runs waiting',
  UPLOADED_BYTES: 'Uploads',
}
const BITES: Record<QuotaKind, string> = {
  STORED_BYTES: 'Uploads, runs and exports are refused there. Delete datasets or runs that are not needed.',
  DEVICE_HOURS: 'Runs are paused and refused there, until the next month begins.',
  RUNS_AT_ONCE: 'Others wait.',
  QUEUED_RUNS: 'More are refused.',
  UPLOADED_BYTES: 'More are refused. Delete datasets that are not needed.',
}
const IN_BYTES: readonly QuotaKind[] = ['STORED_BYTES', 'UPLOADED_BYTES']

export function quotaName(kind: QuotaKind): string {
  return WORDS[kind]
}

export function formatQuota(kind: QuotaKind, value: number): string {
  if (IN_BYTES.includes(kind)) return formatBytes(value)
  return kind === 'DEVICE_HOURS' ? formatHours(value) : formatCount(value)
}

export function formatHours(hours: number): string {
  return `${hours.toFixed(hours < 10 ? 2 : 1)} h`
}

export type QuotaLevel = 'FINE' | 'SOFT' | 'HARD'

/** How near the team is. Runs that reach their number at a time are nothing to be warned of: others wait. */
export function levelOf({ kind, used, soft, hard }: QuotaRowFragment): QuotaLevel {
  if (kind === 'RUNS_AT_ONCE') return 'FINE'
  if (hard != null && used >= hard) return 'HARD'
  return soft != null && used >= soft ? 'SOFT' : 'FINE'
}

/** `Stored: 9.2 GB of 10 GB. …`: what is told before, and when, a limit bites. */
export function warnOfQuota(quota: QuotaRowFragment): string {
  const { kind, used, hard } = quota
  const of = hard == null ? '' : ` of ${formatQuota(kind, hard)}`
  return `${WORDS[kind]}: ${formatQuota(kind, used)}${of}. ${BITES[kind]} Whoever administers this instance can give the team more.`
}
