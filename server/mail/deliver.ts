import { createTransport } from 'nodemailer'
import { toStorable } from '../../contract/text.ts'
import type { Logger } from '../../logging/open-log.ts'
import type { Database, Mail } from '../../prisma/client.ts'
import { repeat } from '../repeat.ts'
import type { Outbox } from './outbox.ts'

const POLL_MS = 5_000
/** The transaction that posted a mail is about to commit. */
const AFTER_POSTING_MS = 100
const MAILS_AT_ONCE = 5
/** Longer than so many attempts, each with three timeouts, can take; others leave these mails alone for so long. */
const CLAIM_SECONDS = 180
const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 3_600_000
const SMTP_TIMEOUT_MS = 10_000
const FAILURE_LENGTH = 500

interface DeliveryOptions {
  database: Database
  outbox: Outbox
  /** Without it nothing is sent; what is too old is deleted all the same. */
  mail?: { url: string; from: string } | undefined
  log: Logger
}

/**
 * Sends the outbox's mails to the mail server, each once it has been posted, and again with growing waits where that
 * fails. Neither addresses nor texts are logged. @returns what stops it
 */
export function deliverMails({ database, outbox, mail, log }: DeliveryOptions): () => Promise<void> {
  const transport = mail && openTransport(mail.url)
  const deliverDue = async (isClosed: () => boolean) => {
    await database.mail.deleteMany({ where: { expiresAt: { lt: new Date() } } })
    if (!transport) return
    for (;;) {
      const claimed = isClosed() ? [] : await claimDue(database)
      if (claimed.length === 0) return
      for (const due of claimed.toSorted((a, b) => +a.expiresAt - +b.expiresAt)) await send(due)
    }
  }
  const send = async (due: Mail) => {
    try {
      const { to, subject, text } = due
      await transport?.sendMail({ from: mail?.from, to: { name: '', address: to }, subject, text })
      await database.mail.deleteMany({ where: { id: due.id } })
    } catch (error) {
      await noteFailure(database, due, error)
      log.warn({ mail: due.id, attempts: due.attempts, code: codeOf(error) }, 'a mail could not be sent')
    }
  }
  const { wake, close } = repeat(POLL_MS, deliverDue, (error) =>
    log.warn({ err: error }, 'the outbox could not be read'),
  )
  outbox.onPosted = () => {
    if (transport) setTimeout(wake, AFTER_POSTING_MS).unref()
  }
  return async () => {
    outbox.onPosted = () => {}
    await close()
    transport?.close()
  }
}

function openTransport(url: string) {
  const timeouts = {
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  }
  // Whatever a text may say, nothing is attached from this machine or from elsewhere.
  return createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
}

/**
 * Those first that are soon worth nothing: a reset does not wait behind a thousand notices. Counts the attempt before it is
 * made, so that servers that share the outbox send no mail twice.
 */
function claimDue(database: Database): Promise<Mail[]> {
  return database.$queryRaw<Mail[]>`
    UPDATE "Mail" SET attempts = attempts + 1, "nextAttemptAt" = now() + ${CLAIM_SECONDS} * interval '1 second'
    WHERE id IN (SELECT id FROM "Mail" WHERE "nextAttemptAt" <= now() ORDER BY "expiresAt", id
      LIMIT ${MAILS_AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING *`
}

async function noteFailure(database: Database, { id, attempts }: Mail, error: unknown): Promise<void> {
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
  const message = error instanceof Error ? error.message : String(error)
  await database.mail.updateMany({
    where: { id },
    data: { failure: toStorable(message, FAILURE_LENGTH), nextAttemptAt: new Date(Date.now() + waitMs) },
  })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
