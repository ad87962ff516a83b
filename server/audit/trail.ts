import { AsyncLocalStorage } from 'node:async_hooks'
import { toStorable } from '../../contract/text.ts'
import type { AuditOutcome, Database, Prisma, Transaction } from '../../prisma/client.ts'
import { onceUnderWay } from '../idempotency/once.ts'
import type { Audited } from './audited-mutations.ts'
import { type AuditActor, type AuditedEvent, type Detail, type Origin, writeEvents } from './events.ts'
import { detailOfRefusal } from './refusals.ts'
import { rowsIn, type Subject, subjectNamed, subjectOf } from './subjects.ts'

interface Beginning {
  audited: Audited
  actor: AuditActor
  origin: Origin
  input: Record<string, unknown>
}

const MAX_KEPT_LENGTH = 200
const MAX_KEPT_ITEMS = 20

const trails = new AsyncLocalStorage<Trail>()

/**
 * What one mutation leaves in the log. While it is followed, whatever asks for permission and whatever changes something in
 * a transaction finds it here, so that the row is written in that transaction, and knows what it is about.
 */
export class Trail {
  readonly #beginning: Beginning
  readonly #seen = new Map<string, Subject>()
  readonly #detail: Detail
  #teamId: string | null = null
  #isKept = false

  constructor(beginning: Beginning) {
    this.#beginning = beginning
    const { audited, input } = beginning
    const kept = audited.keep.flatMap((field) => (input[field] == null ? [] : [[field, keep(input[field])]]))
    this.#detail = Object.fromEntries(kept)
  }

  /** Does something of which the trail is, wherever that leads. */
  follow<Result>(work: () => Result): Result {
    return trails.run(this, work)
  }

  /** A thing of a team to which the actor belongs. */
  see(type: Audited['subject'], row: { id: string; teamId?: string }): void {
    const { audited } = this.#beginning
    this.#teamId ??= row.teamId ?? (type === 'Team' ? row.id : null)
    if (audited.by === 'named' && type === audited.subject) this.#add(subjectOf(type, row))
  }

  note(detail: Detail): void {
    Object.assign(this.#detail, detail)
  }

  /** Writes what is known at the end of a transaction, whose result is given: the first one is the change. */
  async writeIn(tx: Transaction, result: unknown): Promise<boolean> {
    if (this.#isKept) return false
    this.#look(result)
    if (this.#seen.size === 0) return false
    await writeEvents(tx, this.#events('DONE'))
    return true
  }

  /** What was written has been committed. */
  keep(): void {
    this.#isKept = true
  }

  /** Writes how it ended, where no transaction has. */
  async end(database: Database, payload: unknown, outcome: AuditOutcome, code: string | null): Promise<void> {
    if (this.#isKept && outcome === 'DONE') return
    if (outcome === 'DONE') this.#look(payload)
    else {
      const detail = await detailOfRefusal(this.#beginning.actor)
      if (!detail) return
      this.note(detail)
    }
    await writeEvents(database, this.#events(outcome, code))
  }

  #look(result: unknown): void {
    const { by, subject } = this.#beginning.audited
    if (by === 'self' || subject === 'Member' || subject === 'TrainedModel') return
    // What an input names is among the result where it names several.
    if (by === 'named' && !Array.isArray(this.#beginning.input[`${subject.toLowerCase()}Ids`])) return
    for (const row of rowsIn(subject, result)) {
      this.#teamId ??= row.teamId ?? (subject === 'Team' ? row.id : null)
      this.#add(subjectOf(subject, row))
    }
  }

  #add(subject: Subject): void {
    this.#seen.set(subject.id, subject)
  }

  #events(outcome: AuditOutcome, code: string | null = null): AuditedEvent[] {
    const { audited, actor, origin } = this.#beginning
    const { action } = audited
    // A key acts in one team, which sees what the key may not.
    const teamId = this.#teamId ?? actor.key?.teamId ?? null
    const common = { actor, origin, action, teamId, outcome, code, detail: this.#detail }
    return this.#subjects(outcome).map((subject) => ({ ...common, subject }))
  }

  #subjects(outcome: AuditOutcome): (Subject | null)[] {
    const { audited, actor, input } = this.#beginning
    if (audited.by === 'self' && actor.id) return [{ type: 'User', id: actor.id, name: null, path: null }]
    // What was made in a transaction that failed is not there.
    if (audited.by === 'made' && outcome !== 'DONE') return [null]
    if (this.#seen.size > 0) return [...this.#seen.values()]
    if (audited.by === 'made') return [null]
    const [first] = Object.values(input)
      .map(subjectNamed)
      .filter((subject) => subject !== null)
    return [first ?? null]
  }
}

/** Tells the trail under way what was looked at with permission. */
export function noteSeen(type: Audited['subject'], row: { id: string; teamId?: string }): void {
  trails.getStore()?.see(type, row)
}

/** Adds to what the log tells of the mutation under way: names, roles, settings, and what they were before. */
export function noteDetail(detail: Detail): void {
  trails.getStore()?.note(detail)
}

/**
 * Does something in a transaction, and writes in it what the log tells of the mutation under way, if there is one, and for
 * which idempotency key it was done.
 */
export async function inTransaction<Result>(
  database: Database,
  work: (tx: Transaction) => Promise<Result>,
  options?: { timeout?: number },
): Promise<Result> {
  const trail = trails.getStore()
  const once = onceUnderWay()
  let isWritten = false
  const result = await database.$transaction(async (tx) => {
    await once?.begin(tx)
    const done = await work(tx)
    await once?.end(tx, done)
    isWritten = (await trail?.writeIn(tx, done)) ?? false
    return done
  }, options)
  once?.keep()
  if (isWritten) trail?.keep()
  return result
}

/** A short value as it was given; of a list its first items. */
function keep(value: unknown): Prisma.InputJsonValue {
  if (Array.isArray(value)) return value.slice(0, MAX_KEPT_ITEMS).map(keep)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return toStorable(String(value), MAX_KEPT_LENGTH)
}
