import { AsyncLocalStorage } from 'node:async_hooks'
import { createHmac } from 'node:crypto'
import type { Prisma, Transaction } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'

/** A key is forgotten after so long, and may be used for something else. */
const KEPT_MS = 30 * 24 * 60 * 60_000
const DIGEST_LENGTH = 16

interface Beginning {
  userId: string
  mutation: string
  key: string
  /** Finds what the mutation makes in what its transaction gives back. */
  findMade: (result: unknown) => { id: string } | undefined
  input: Record<string, unknown>
  /** Inputs may hold passwords: nobody who reads the table alone shall be able to try some. */
  secret: string
}

/** Thrown instead of making a thing again: it was made for this key, of the same input. */
export class MadeBefore extends Error {
  readonly subjectId: string

  constructor(subjectId: string) {
    super('this was made before, for the same idempotency key')
    this.subjectId = subjectId
  }
}

const underWay = new AsyncLocalStorage<Once>()

/** Of keys that were kept long enough. */
export function isForgotten(): Prisma.IdempotencyKeyWhereInput {
  return { createdAt: { lt: new Date(Date.now() - KEPT_MS) } }
}

/** The mutation under way that has an idempotency key, if it has one. */
export function onceUnderWay(): Once | undefined {
  return underWay.getStore()
}

/** One mutation with an idempotency key: the first transaction that changes something claims the key, or finds it taken. */
export class Once {
  readonly #beginning: Beginning
  readonly #fields: Record<string, string>
  #isKept = false

  constructor(beginning: Beginning) {
    this.#beginning = beginning
    const given = Object.entries(beginning.input).filter(
      ([name, value]) => name !== 'idempotencyKey' && value != null,
    )
    const digest = (name: string, value: unknown) =>
      createHmac('sha256', beginning.secret)
        .update(`${name}=${stableText(value)}`)
        .digest('hex')
    this.#fields = Object.fromEntries(
      given.map(([name, value]) => [name, digest(name, value).slice(0, DIGEST_LENGTH)]),
    )
  }

  follow<Result>(work: () => Result): Result {
    return underWay.run(this, work)
  }

  /**
   * Whoever asks with the same key at this moment waits here until the other one's transaction has ended.
   * @throws MadeBefore, or AppError CONFLICT where the key was used with another input
   */
  async begin(tx: Transaction): Promise<void> {
    if (this.#isKept) return
    const { userId, mutation, key } = this.#beginning
    await tx.idempotencyKey.deleteMany({ where: { userId, mutation, key, ...isForgotten() } })
    const data = { userId, mutation, key, fields: this.#fields }
    const { count } = await tx.idempotencyKey.createMany({ data, skipDuplicates: true })
    if (count === 1) return
    const where = { userId_mutation_key: { userId, mutation, key } }
    const { fields, subjectId } = await tx.idempotencyKey.findUniqueOrThrow({ where })
    this.#requireSameInput(fields)
    throw new MadeBefore(subjectId ?? '')
  }

  /** Keeps with the key what the transaction has made. */
  async end(tx: Transaction, result: unknown): Promise<void> {
    if (this.#isKept) return
    const { userId, mutation, key, findMade } = this.#beginning
    const made = findMade(result)
    if (!made) throw new Error(`the transaction of ${mutation} does not give back what it makes`)
    const where = { userId_mutation_key: { userId, mutation, key } }
    await tx.idempotencyKey.update({ where, data: { subjectId: made.id } })
  }

  /** What was written has been committed. */
  keep(): void {
    this.#isKept = true
  }

  #requireSameInput(before: Prisma.JsonValue): void {
    const fields = before as Record<string, string>
    const names = [...new Set([...Object.keys(fields), ...Object.keys(this.#fields)])]
    const others = names.filter((name) => fields[name] !== this.#fields[name])
    if (others.length === 0) return
    const { key, mutation } = this.#beginning
    throw new AppError(
      'CONFLICT',
      `The key “${key}” was used for ${mutation} before, with another ${others.join(', ')}. Send another key for another thing.`,
      ['idempotencyKey'],
    )
  }
}

/** JSON, in which the order of keys and what is null make no difference. */
function stableText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    const given = Object.entries(inner).filter(([, each]) => each != null)
    return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
