import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '../../../prisma/client.ts'

const PREFIX = 'sign-up:'
export const PROOF_SECONDS = 60 * 60
/** Whoever asks for more only fills somebody's mailbox. */
const MOST_OPEN = 3

/** The token of a link by which whoever reads the mailbox of an address may sign up with it; null where three are open. */
export async function makeProof(database: Database, email: string): Promise<string | null> {
  const token = randomBytes(32).toString('base64url')
  const value = email.toLowerCase()
  const expiresAt = new Date(Date.now() + PROOF_SECONDS * 1000)
  const identifier = PREFIX + sha256(token)
  await database.verification.create({ data: { id: randomUUID(), identifier, value, expiresAt } })
  if ((await database.verification.count({ where: openFor(email) })) <= MOST_OPEN) return token
  await database.verification.deleteMany({ where: { identifier } })
  return null
}

export async function hasProof(database: Database, email: string, token: string): Promise<boolean> {
  const where = { AND: [openFor(email), { identifier: PREFIX + sha256(token) }] }
  return (await database.verification.count({ where })) > 0
}

/** Once there is an account, no link makes another. */
export async function endProofs(database: Database, email: string): Promise<void> {
  await database.verification.deleteMany({ where: openFor(email) })
}

function openFor(email: string) {
  return { identifier: { startsWith: PREFIX }, value: email.toLowerCase(), expiresAt: { gt: new Date() } }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
