import { Prisma } from '../../prisma/client.ts'
import { notifyDatasetVersionSql } from '../../runs/notifications.ts'
import { RemainingTime } from '../training/remaining-time.ts'
import type { WorkerContext } from './worker-context.ts'

const WRITE_EVERY_MS = 250

/** The import was canceled or its version deleted: the row is no longer IMPORTING. */
export class ImportCanceled extends Error {
  override readonly name = 'ImportCanceled'
}

/**
 * Writes an import's progress four times a second, which also detects that the import was canceled. A failed
 * write is only logged.
 */
export class ImportProgress {
  readonly #context: Pick<WorkerContext, 'database' | 'log'>
  readonly #id: string
  readonly #timer: NodeJS.Timeout
  readonly #canceled = new AbortController()
  readonly #remaining = new RemainingTime()
  #seen = 0
  #total: number | null = null
  #write: Promise<void> | undefined

  constructor(context: Pick<WorkerContext, 'database' | 'log'>, id: string) {
    this.#context = context
    this.#id = id
    this.#timer = setInterval(() => this.#writeProgress(), WRITE_EVERY_MS)
  }

  /** Aborted with an ImportCanceled. */
  get canceled(): AbortSignal {
    return this.#canceled.signal
  }

  report(seen: number, total: number): void {
    this.#seen = seen
    this.#total = total
  }

  /** Stops writing; resolves once the last write is done. */
  async settle(): Promise<void> {
    clearInterval(this.#timer)
    await this.#write
  }

  #writeProgress(): void {
    this.#write ??= this.#update()
      .catch((error) =>
        this.#context.log.warn({ err: error }, 'the progress of an import could not be written'),
      )
      .finally(() => {
        this.#write = undefined
      })
  }

  async #update(): Promise<void> {
    const total = this.#total
    const secondsLeft = total === null ? null : this.#remaining.update(this.#seen, total)
    const changed = await this.#context.database.$queryRaw<{ id: string }[]>`
      WITH changed AS (
        UPDATE "DatasetVersion"
        SET "picturesSeen" = ${this.#seen}, "picturesTotal" = ${total}, "secondsLeft" = ${secondsLeft}
        WHERE id = ${this.#id} AND status = 'IMPORTING' RETURNING id)
      SELECT id, ${notifyDatasetVersionSql(Prisma.sql`id`)}::text FROM changed`
    if (changed.length === 0) this.#canceled.abort(new ImportCanceled('the import was canceled'))
  }
}
