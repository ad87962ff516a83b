import type { Database } from '../../prisma/client.ts'
import type { ServerConfig } from '../config.ts'
import { writeAddressCheck, writeAddressNotice, writeReset } from '../mail/letters.ts'
import type { Outbox } from '../mail/outbox.ts'
import { keepAddressCheck, keepReset } from './mail-links.ts'

export const RESET_SECONDS = 60 * 60
export const ADDRESS_CHECK_SECONDS = 60 * 60

interface AccountMailOptions {
  database: Database
  outbox: Outbox
  config: ServerConfig
}

interface Addressee {
  id: string
  email: string
  timeZone?: string | null | undefined
}

/** The mails that better-auth asks for. */
export function createAccountMails({ database, outbox, config }: AccountMailOptions) {
  const after = (seconds: number) => new Date(Date.now() + seconds * 1000)
  return {
    /** The token stands behind the #, which no server is sent. Service accounts and deleted ones have no mailbox. */
    async sendReset({ id, email, timeZone }: Addressee, token: string): Promise<void> {
      if (email.endsWith('.invalid') || !(await keepReset(database, id, token))) return
      const url = `${config.publicOrigin}/reset#${token}`
      await outbox.post(database, email, writeReset(url, after(RESET_SECONDS), timeZone))
    },

    /** To the new address; the old one is told. */
    async sendAddressCheck({ id, email, timeZone }: Addressee, url: string, token: string): Promise<void> {
      const expiresAt = after(ADDRESS_CHECK_SECONDS)
      if (!(await keepAddressCheck(database, { userId: id, newEmail: email, token, expiresAt }))) return
      const { email: before } = await database.user.findUniqueOrThrow({ where: { id } })
      await outbox.post(database, email, writeAddressCheck(url, expiresAt, timeZone))
      if (before !== email)
        await outbox.post(database, before, writeAddressNotice(email, after(24 * ADDRESS_CHECK_SECONDS)))
    },
  }
}
