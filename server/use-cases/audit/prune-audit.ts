import { SYSTEM, writeEvents } from '../../audit/events.ts'
import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'

const PRUNE_EVERY_MS = 6 * 60 * 60_000
const ROWS_AT_ONCE = 10_000
const DAY_MS = 24 * 60 * 60_000

/** Forgets what the audit log has kept long enough, now and every six hours. @returns what ends it */
export function pruneAudit(services: Services): () => void {
  return repeatQuietly(
    PRUNE_EVERY_MS,
    () => pruneOnce(services),
    (error) => services.log.warn({ err: error }, 'pruning the audit log failed'),
  )
}

/** A part at a time, so that nobody who writes waits for long. */
export async function pruneOnce({ database, config }: Pick<Services, 'database' | 'config'>): Promise<void> {
  const before = new Date(Date.now() - config.auditKeepDays * DAY_MS)
  let pruned = 0
  for (;;) {
    const [row] = await database.$queryRaw<{ count: number }[]>`
      SELECT prune_audit_events(${before}, ${ROWS_AT_ONCE}::int) AS count`
    pruned += row?.count ?? 0
    if ((row?.count ?? 0) < ROWS_AT_ONCE) break
  }
  if (pruned === 0) return
  const detail = { rows: pruned, before: before.toISOString() }
  await writeEvents(database, [{ actor: SYSTEM, action: 'audit.prune', detail }])
}
