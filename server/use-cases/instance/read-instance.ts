import type { Mail } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'
import type { Services } from '../../services.ts'

/** Those that expire first: a reset is found though a thousand notices wait. */
const MOST_MAILS = 200

/** A mail as its administrator sees it: where a mail server takes mails, nobody else reads what they say. */
export type WaitingMail = Omit<Mail, 'text'> & { text: string | null }

export interface Instance {
  /** Host and port of the mail server; null where mails wait to be read. */
  mailServer: string | null
  mails: () => Promise<WaitingMail[]>
}

/** What an administrator sees of the instance; null for everybody else. */
export async function readInstance(
  { database, config }: Services,
  actor: Actor | null,
): Promise<Instance | null> {
  if (!(await isAdministrator(database, actor))) return null
  return {
    mailServer: config.mail ? new URL(config.mail.url).host : null,
    async mails() {
      const mails = await database.mail.findMany({ orderBy: { expiresAt: 'asc' }, take: MOST_MAILS })
      const newestFirst = mails.toSorted((a, b) => (a.id < b.id ? 1 : -1))
      return newestFirst.map((mail) => ({ ...mail, text: config.mail ? null : mail.text }))
    },
  }
}
