import type { Database } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'
import { type Actor, requireActor } from './actor.ts'

/** True for the session of somebody who administers the instance; a key never does. */
export async function isAdministrator(database: Database, actor: Actor | null): Promise<boolean> {
  if (actor?.kind !== 'session') return false
  const user = await database.user.findUnique({ where: { id: actor.userId } })
  return user?.isAdministrator ?? false
}

/** @throws AppError UNAUTHENTICATED or FORBIDDEN */
export async function requireAdministrator(database: Database, actor: Actor | null): Promise<void> {
  requireActor(actor)
  if (await isAdministrator(database, actor)) return
  throw new AppError('FORBIDDEN', 'This is for whoever administers the instance.')
}
