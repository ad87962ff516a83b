import type { Database, Transaction } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'
import { type Actor, requirePerson } from './actor.ts'

/** True for the session of somebody who administers the instance; a key never does. */
export async function isAdministrator(database: Database, actor: Actor | null): Promise<boolean> {
  if (actor?.kind !== 'session') return false
  const user = await database.user.findUnique({ where: { id: actor.userId } })
  return user?.isAdministrator === true && user.suspendedAt === null
}

/** @returns their id @throws AppError UNAUTHENTICATED or FORBIDDEN */
export async function requireAdministrator(database: Database, actor: Actor | null): Promise<string> {
  const { userId } = requirePerson(actor)
  if (await isAdministrator(database, actor)) return userId
  throw new AppError('FORBIDDEN', 'This is for whoever administers the instance.')
}

/**
 * Keeps everybody else from changing who administers the instance until the transaction ends.
 * @throws AppError CONFLICT where nobody but this person does
 */
export async function requireOtherAdministrator(tx: Transaction, userId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('administrators'))`
  const others = { isAdministrator: true, suspendedAt: null, NOT: { id: userId } }
  if ((await tx.user.count({ where: others })) > 0) return
  throw new AppError(
    'CONFLICT',
    'Nobody else administers this instance. Make somebody else an administrator first.',
    ['userId'],
  )
}
