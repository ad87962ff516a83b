import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ERRORS, type Lock, type Locker } from '@tus/server'
import type { Database } from '../../../prisma/client.ts'

/** After a server died in its turn, the others wait so long. */
const LEASE_SECONDS = 15
/** Also how soon whoever receives bytes hears that another request wants the upload. */
const HEARTBEAT_MS = 1_000
/** However many wait, and however long, the database has other things to do. */
const FIRST_ASK_MS = 100
const LAST_ASK_MS = 1_000
const PATIENCE_MS = 30_000
/** Verifying five gibibytes takes minutes. */
const LONG_PATIENCE_MS = 15 * 60_000

/**
 * Who works on the bytes of an upload: one request of one server at a time. The turn stands in the upload's row and
 * lapses where its holder dies. Times are the database's.
 */
export class UploadTurns {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * For tus, of which a request gives way: whoever comes later knows better how many bytes have arrived.
   * @param begin  done first in every turn, with the upload's id; where it throws, the turn ends
   */
  lockerFor(begin: (uploadId: string) => Promise<void>): Locker {
    return { newLock: (key) => this.#newLock(path.posix.basename(key), begin) }
  }

  #newLock(uploadId: string, begin: (uploadId: string) => Promise<void>): Lock {
    const turn = new Turn(this.#database, uploadId)
    return {
      lock: async (signal, requestRelease) => {
        const outcome = await turn.take(PATIENCE_MS, signal, requestRelease)
        if (outcome === 'GONE') throw ERRORS.FILE_NOT_FOUND
        if (outcome === 'BUSY') throw ERRORS.ERR_LOCK_TIMEOUT
        await begin(uploadId).catch(async (error) => {
          await turn.end()
          throw error
        })
      },
      unlock: () => turn.end(),
    }
  }

  /**
   * Does something with an upload's bytes once whatever else is done with them has ended, well or not. It does not give
   * way. An upload that is gone has no turns, and the work is to find that out.
   */
  async inTurn<Result>(uploadId: string, work: () => Promise<Result>): Promise<Result> {
    const turn = new Turn(this.#database, uploadId)
    if ((await turn.take(LONG_PATIENCE_MS)) === 'BUSY')
      throw new Error(`others worked on the upload ${uploadId} for ${LONG_PATIENCE_MS / 60_000} minutes`)
    try {
      return await work()
    } finally {
      await turn.end()
    }
  }
}

type Outcome = 'TAKEN' | 'BUSY' | 'GONE'

class Turn {
  readonly #database: Database
  readonly #uploadId: string
  readonly #holder = randomUUID()
  #timer: NodeJS.Timeout | undefined
  #heldAt = 0

  constructor(database: Database, uploadId: string) {
    this.#database = database
    this.#uploadId = uploadId
  }

  /** @param onWanted  called when somebody waits for the turn, or it has lapsed: what is done in it is to end */
  async take(patienceMs: number, signal?: AbortSignal, onWanted: () => unknown = () => {}): Promise<Outcome> {
    const deadline = performance.now() + patienceMs
    let outcome = await this.#ask()
    for (let waitMs = FIRST_ASK_MS; outcome === 'BUSY'; waitMs = Math.min(LAST_ASK_MS, waitMs * 1.5)) {
      if (signal?.aborted || performance.now() >= deadline) break
      await sleep(waitMs)
      outcome = await this.#ask()
    }
    if (outcome === 'TAKEN') this.#keep(onWanted)
    return outcome
  }

  /** Where it fails, the turn lapses. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#database.$executeRaw`
      UPDATE "Upload" SET "turnHolder" = NULL, "turnUntil" = NULL, "isTurnWanted" = false
      WHERE id = ${this.#uploadId} AND "turnHolder" = ${this.#holder}`.catch(() => {})
  }

  /** Takes the turn, or says that it is wanted; where somebody has said so, the row is only read. */
  async #ask(): Promise<Outcome> {
    const [row] = await this.#database.$queryRaw<{ isMine: boolean | null }[]>`
      WITH asked AS (
        UPDATE "Upload" SET
          "isTurnWanted" = "turnUntil" >= now() AND "turnUntil" IS NOT NULL,
          "turnHolder" = CASE WHEN "turnUntil" >= now() THEN "turnHolder" ELSE ${this.#holder} END,
          "turnUntil" = CASE WHEN "turnUntil" >= now() THEN "turnUntil"
            ELSE now() + make_interval(secs => ${LEASE_SECONDS}) END
        WHERE id = ${this.#uploadId} AND NOT ("isTurnWanted" AND "turnUntil" IS NOT NULL AND "turnUntil" >= now())
        RETURNING "turnHolder" = ${this.#holder} AS "isMine")
      SELECT (SELECT "isMine" FROM asked) AS "isMine" FROM "Upload" WHERE id = ${this.#uploadId}`
    if (!row) return 'GONE'
    this.#heldAt = performance.now()
    return row.isMine ? 'TAKEN' : 'BUSY'
  }

  #keep(onWanted: () => unknown): void {
    this.#timer = setInterval(() => {
      void this.#renew().then((isFree) => {
        if (!isFree) onWanted()
      })
    }, HEARTBEAT_MS)
  }

  /** @returns whether nobody else wants it. A database that is away for shorter than the lease changes nothing. */
  async #renew(): Promise<boolean> {
    try {
      const [row] = await this.#database.$queryRaw<{ isTurnWanted: boolean }[]>`
        UPDATE "Upload" SET "turnUntil" = now() + make_interval(secs => ${LEASE_SECONDS})
        WHERE id = ${this.#uploadId} AND "turnHolder" = ${this.#holder}
        RETURNING "isTurnWanted"`
      this.#heldAt = performance.now()
      return row?.isTurnWanted === false
    } catch {
      return performance.now() - this.#heldAt < LEASE_SECONDS * 1000
    }
  }
}
