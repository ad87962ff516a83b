import { createHash, randomUUID } from 'node:crypto'
import type { Database } from '../../prisma/client.ts'

/**
 * The links in mails about accounts, as rows of Verification. Their identifiers begin with what they are for, because a
 * second factor keeps other rows of the same person there: challenges, and the devices that it trusts for 30 days.
 */
const RESET = 'reset:'
const ADDRESS = 'address:'
/** Before the person's id: such a link works no more, and still counts as a mail that was sent. */
const ENDED = 'ended:'
/** Whoever asks for more only fills somebody's mailbox. */
const MOST_OPEN = 3

/**
 * How better-auth stores the tokens of its links: a copy of the database opens no account. RESET differs from the prefix
 * of the token itself, since better-auth also looks for a row by the token as it was given.
 */
export const storeIdentifier = {
  default: 'hashed' as const,
  overrides: { 'reset-password:': { hash: async (identifier: string) => RESET + sha256(identifier) } },
}

/** @returns false, and forgets the link, where three others of the person are open */
export async function keepReset(database: Database, userId: string, token: string): Promise<boolean> {
  const identifier = await storeIdentifier.overrides['reset-password:'].hash(`reset-password:${token}`)
  const open = { identifier: { startsWith: RESET }, value: userId, expiresAt: { gt: new Date() } }
  return keepAtMost(database, identifier, [await database.verification.count({ where: open })])
}

/** Whose password a link sets that has neither been used nor ended; null where there is none. */
export async function findReset(database: Database, token: string): Promise<string | null> {
  const identifier = await storeIdentifier.overrides['reset-password:'].hash(`reset-password:${token}`)
  const open = { identifier, expiresAt: { gt: new Date() } }
  return (await database.verification.findFirst({ where: open }))?.value ?? null
}

interface AddressCheck {
  userId: string
  newEmail: string
  token: string
  expiresAt: Date
}

/** @returns false, and keeps nothing, where three others of the person or to this address were sent within the hour */
export async function keepAddressCheck(
  database: Database,
  { userId, newEmail, token, expiresAt }: AddressCheck,
): Promise<boolean> {
  const toAddress = `${ADDRESS}${sha256(newEmail)}:`
  const identifier = toAddress + sha256(token)
  await database.verification.create({ data: { id: randomUUID(), identifier, value: userId, expiresAt } })
  const recent = (startsWith: string) => ({ identifier: { startsWith }, expiresAt: { gt: new Date() } })
  const byPerson = { ...recent(ADDRESS), value: { in: [userId, ENDED + userId] } }
  return keepAtMost(database, identifier, [
    await database.verification.count({ where: byPerson }),
    await database.verification.count({ where: recent(toAddress) }),
  ])
}

async function keepAtMost(database: Database, identifier: string, counts: number[]): Promise<boolean> {
  const isKept = counts.every((count) => count <= MOST_OPEN)
  if (!isKept) await database.verification.deleteMany({ where: { identifier } })
  return isKept
}

/** Uses up a link to a new address, and with it every other that the person was sent. @returns false where it is over */
export async function spendAddressCheck(database: Database, userId: string, token: string): Promise<boolean> {
  const identifier = { startsWith: ADDRESS, endsWith: `:${sha256(token)}` }
  const where = { identifier, value: userId, expiresAt: { gt: new Date() } }
  const { count } = await database.verification.updateMany({ where, data: { value: ENDED + userId } })
  if (count === 1) await endAddressChecks(database, userId)
  return count === 1
}

/** A link to choose a new password is for the address and the password that a person had when it was sent. */
export async function endResets(database: Pick<Database, 'verification'>, userId: string): Promise<void> {
  await database.verification.deleteMany({ where: { identifier: { startsWith: RESET }, value: userId } })
}

/** Whoever asked for another address may be the one because of whom the password is changed. */
export async function endMailLinks(database: Pick<Database, 'verification'>, userId: string): Promise<void> {
  await endResets(database, userId)
  await endAddressChecks(database, userId)
}

async function endAddressChecks(database: Pick<Database, 'verification'>, userId: string): Promise<void> {
  const where = { identifier: { startsWith: ADDRESS }, value: userId }
  await database.verification.updateMany({ where, data: { value: ENDED + userId } })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
