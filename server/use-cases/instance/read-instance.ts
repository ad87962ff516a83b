import type { Mail } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'
import type { Services } from '../../services.ts'
import { type ListedWorker, listAllWorkers } from '../workers/list-workers.ts'
import { readHealth } from './read-health.ts'
import { readStorageUse, type StorageUse } from './read-stored-bytes.ts'

/** Those that expire first: a reset is found though a thousand notices wait. */
const MOST_MAILS = 200
const MOST_TEAMS = 100

/** A mail as its administrator sees it: where a mail server takes mails, nobody else reads what they say. */
export type WaitingMail = Omit<Mail, 'text'> & { text: string | null }

export interface Instance {
  /** Host and port of the mail server; null where mails wait to be read. */
  mailServer: string | null
  mails: () => Promise<WaitingMail[]>
  health: () => ReturnType<typeof readHealth>
  workers: () => Promise<ListedWorker[]>
  storage: () => Promise<StorageUse>
}

/** What an administrator sees of the instance; null for everybody else. */
export async function readInstance(services: Services, actor: Actor | null): Promise<Instance | null> {
  const { database, config } = services
  if (!actor || !(await isAdministrator(database, actor))) return null
  return {
    mailServer: config.mail ? new URL(config.mail.url).host : null,
    async mails() {
      const mails = await database.mail.findMany({ orderBy: { expiresAt: 'asc' }, take: MOST_MAILS })
      const newestFirst = mails.toSorted((a, b) => (a.id < b.id ? 1 : -1))
      return newestFirst.map((mail) => ({ ...mail, text: config.mail ? null : mail.text }))
    },
    health: () => readHealth(services),
    workers: () => listAllWorkers(database, actor),
    storage: () => readStorageUse(database, MOST_TEAMS),
  }
}
