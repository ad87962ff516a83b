import { newId } from '../../contract/ids.ts'
import type { Mail, Transaction } from '../../prisma/client.ts'
import type { Letter } from './letters.ts'

type Client = Pick<Transaction, 'mail'>

/** Takes mails to be sent. A mail that is posted in a transaction goes out only if that commits. */
export class Outbox {
  /** Called after each new mail. */
  onPosted: () => void = () => {}

  async post(client: Client, to: string, { subject, text, expiresAt }: Letter): Promise<Mail> {
    const mail = await client.mail.create({ data: { id: newId('Mail'), to, subject, text, expiresAt } })
    this.onPosted()
    return mail
  }

  /** The same to each, who sees no other. */
  async postToAll(client: Client, addresses: readonly string[], letter: Letter): Promise<void> {
    if (addresses.length === 0) return
    const { subject, text, expiresAt } = letter
    const data = addresses.map((to) => ({ id: newId('Mail'), to, subject, text, expiresAt }))
    await client.mail.createMany({ data })
    this.onPosted()
  }
}
