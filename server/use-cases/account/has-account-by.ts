import type { Database } from '../../../prisma/client.ts'

/** Whether somebody can sign in by a provider, or by a password, which better-auth keeps as the provider `credential`. */
export async function hasAccountBy(database: Database, userId: string, providerId: string): Promise<boolean> {
  return (await database.account.findFirst({ where: { userId, providerId } })) !== null
}
