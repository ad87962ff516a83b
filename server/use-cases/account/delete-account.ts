import type { Team, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { endMailLinks } from '../../access/mail-links.ts'
import { PASSWORD_LENGTHS } from '../../access/password-strength.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import { forgetInEvents } from '../../notices/forget-person.ts'
import type { Services } from '../../services.ts'
import { cancelRuns } from '../teams/delete-team.ts'
import { readOwnedAlone } from './read-owned-alone.ts'
import { requireOwner } from './require-owner.ts'

const NAME = 'Deleted account'
/** Of the events of ninety days, whose names are looked through. */
const LONGEST = { timeout: 60_000 }

/**
 * Deletes the account of whoever is signed in: sessions, keys, memberships, name and address. What they made in teams of
 * others stays there, by “Deleted account”; teams in which they are alone are deleted with them.
 * @returns the person's id
 */
export async function deleteAccount(
  { database, config }: Services,
  actor: Actor | null,
  { password }: { password?: string | null },
): Promise<string> {
  const person = requirePerson(actor)
  const { userId } = person
  await requireOwner(database, person, (password ?? '').slice(0, PASSWORD_LENGTHS.max + 1))
  const teamsAlone = await inTransaction(
    database,
    async (tx) => {
      const { isAdministrator, email } = await lockPerson(tx, userId)
      if (isAdministrator) throw refuseAdministrator()
      const owned = await readOwnedAlone(tx, userId)
      refuseWithOthers(owned.withOthers)
      const teamId = { in: owned.byThemselves.map(({ id }) => id) }
      await tx.team.updateMany({ where: { id: teamId }, data: { deletionDueAt: new Date() } })
      await tx.member.deleteMany({ where: { userId, NOT: { teamId } } })
      await tx.mail.deleteMany({ where: { to: email } })
      await forgetInEvents(tx, { userId, name: NAME, origin: config.publicOrigin })
      await forget(tx, userId)
      return owned.byThemselves
    },
    LONGEST,
  )
  for (const { id } of teamsAlone) await cancelRuns(database, id)
  return userId
}

async function lockPerson(tx: Transaction, id: string) {
  await tx.$queryRaw`SELECT id FROM "User" WHERE id = ${id} FOR UPDATE`
  return tx.user.findUniqueOrThrow({ where: { id } })
}

function refuseAdministrator(): AppError {
  const message =
    'You administer this instance. Let somebody else do that first, on its page Administration, and end that you do.'
  return new AppError('CONFLICT', message)
}

function refuseWithOthers(teams: readonly Team[]): void {
  if (teams.length === 0) return
  const names = teams.map(({ name }) => `“${name}”`).join(', ')
  throw new AppError(
    'CONFLICT',
    `You are the only owner of ${names}, where others are members. Hand over or delete ${teams.length === 1 ? 'it' : 'them'} first.`,
  )
}

/** Everything by which a person signs in, or is known. The row stays, because what they made refers to it. */
async function forget(tx: Transaction, userId: string): Promise<void> {
  const ofPerson = { where: { userId } }
  const revoked = { data: { revokedAt: new Date() } }
  const madeByPerson = { where: { createdById: userId, revokedAt: null }, ...revoked }
  await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, ...revoked })
  await tx.invitation.updateMany(madeByPerson)
  await tx.shareLink.updateMany(madeByPerson)
  await tx.session.deleteMany(ofPerson)
  await tx.account.deleteMany(ofPerson)
  await tx.twoFactor.deleteMany(ofPerson)
  await tx.notice.deleteMany(ofPerson)
  await tx.noticeChoice.deleteMany(ofPerson)
  await tx.noticeMail.deleteMany(ofPerson)
  await tx.runFollower.deleteMany(ofPerson)
  await endMailLinks(tx, userId)
  await tx.verification.deleteMany({ where: { value: userId } })
  const nobody = {
    name: NAME,
    email: `${userId.toLowerCase()}@deleted.invalid`,
    emailVerified: false,
  }
  await tx.user.update({ where: { id: userId }, data: { ...nobody, image: null, twoFactorEnabled: false } })
}
