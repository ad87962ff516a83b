import type { Database } from '../../../prisma/client.ts'

/**
 * Whoever reads the mailbox of an address owns the account, also one that somebody else made with it beforehand and whose
 * address was never confirmed: with the password every other way into it goes.
 */
export async function takeOver(database: Database, userId: string): Promise<void> {
  await database.$transaction(async (tx) => {
    const where = { id: userId, emailVerified: false }
    const { count } = await tx.user.updateMany({
      where,
      data: { emailVerified: true, twoFactorEnabled: false },
    })
    if (count === 0) return
    await tx.account.deleteMany({ where: { userId, providerId: { not: 'credential' } } })
    await tx.twoFactor.deleteMany({ where: { userId } })
    await tx.apiKey.updateMany({
      where: { OR: [{ userId }, { createdById: userId }], revokedAt: null },
      data: { revokedAt: new Date() },
    })
  })
}
