import type { Database, Prisma, Transaction, User } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { requireAdministrator, requireOtherAdministrator } from '../../access/administrator.ts'
import { inTransaction, noteDetail, noteSeen } from '../../audit/trail.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { type InstancePerson, readPerson } from './read-people.ts'

/** Makes somebody an administrator of the instance, or ends that; there always is one. */
export function setAdministrator(
  { database }: Services,
  actor: Actor | null,
  { userId, isAdministrator }: { userId: string; isAdministrator: boolean },
): Promise<InstancePerson> {
  return changePerson(database, actor, userId, async (tx, person) => {
    if (person.suspendedAt && isAdministrator)
      throw new AppError('CONFLICT', `${person.name} is suspended; reactivate them first.`, ['userId'])
    if (person.isAdministrator && !isAdministrator) await requireOtherAdministrator(tx, userId)
    noteDetail({ isAdministrator: { from: person.isAdministrator, to: isAdministrator } })
    return { isAdministrator }
  })
}

/** Lets nobody in as this person, nor by their keys, until they are reactivated. What is open closes within 5 s. */
export async function suspendPerson(
  { database }: Services,
  actor: Actor | null,
  { userId }: { userId: string },
): Promise<InstancePerson> {
  if (actor && requirePerson(actor).userId === userId)
    throw new AppError('CONFLICT', 'Nobody suspends themselves; another administrator can.', ['userId'])
  const person = await changePerson(database, actor, userId, async (tx, { isAdministrator, suspendedAt }) => {
    if (isAdministrator) await requireOtherAdministrator(tx, userId)
    return { suspendedAt: suspendedAt ?? new Date() }
  })
  // After the commit: a session that begins meanwhile sees it, or is among these.
  await database.session.deleteMany({ where: { userId } })
  return person
}

export function reactivatePerson(
  { database }: Services,
  actor: Actor | null,
  { userId }: { userId: string },
): Promise<InstancePerson> {
  return changePerson(database, actor, userId, async () => ({ suspendedAt: null }))
}

async function changePerson(
  database: Database,
  actor: Actor | null,
  userId: string,
  change: (tx: Transaction, person: User) => Promise<Prisma.UserUpdateInput>,
): Promise<InstancePerson> {
  await requireAdministrator(database, actor)
  await inTransaction(database, async (tx) => {
    await tx.$queryRaw`SELECT id FROM "User" WHERE id = ${userId} FOR UPDATE`
    // Whoever has deleted their account is nobody who could be let in.
    const person = await tx.user.findFirst({ where: { id: userId, accounts: { some: {} } } })
    if (!person) throw notFound('person', ['userId'])
    noteSeen('User', { id: userId })
    return tx.user.update({ where: { id: userId }, data: await change(tx, person) })
  })
  return readPerson(database, userId)
}
