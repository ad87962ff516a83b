import { z } from 'zod'
import { EMAIL_LENGTH } from '../../../contract/limits.ts'
import type { Mail } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { requireAdministrator } from '../../access/administrator.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import { writeTrial } from '../../mail/letters.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'

const KEPT_MS = 60 * 60 * 1000
const MOST_WAITING = 10

const Input = z.object({ to: z.email('is no e-mail address').max(EMAIL_LENGTH) })

/** Sends a mail that shows whether mail arrives. */
export async function sendTrialMail(
  { database, outbox, config }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Mail> {
  await requireAdministrator(database, actor)
  const { to } = parseInput(Input, input)
  if ((await database.mail.count({ where: { to } })) >= MOST_WAITING)
    throw new AppError('LIMIT_EXCEEDED', `${MOST_WAITING} mails to this address are waiting already.`, ['to'])
  const letter = writeTrial(config.publicOrigin, new Date(Date.now() + KEPT_MS))
  return inTransaction(database, (tx) => outbox.post(tx, to, letter))
}
