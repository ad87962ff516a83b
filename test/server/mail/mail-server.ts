import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  to: string[]
  from: string
  /** As it came, with its headers. */
  source: string
}

export interface MailServer {
  url: string
  mails: ReceivedMail[]
  /** Refuse the next so many mails for now. */
  refuseNext(count: number): void
  stop(): Promise<void>
}

/** A real SMTP server on a port of its own. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  let refusals = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    async onData(stream, { envelope }, done) {
      const source = await text(stream)
      if (refusals-- > 0) return done(Object.assign(new Error('try later'), { responseCode: 451 }))
      const from = envelope.mailFrom ? envelope.mailFrom.address : ''
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), from, source })
      done()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseNext(count) {
      refusals = count
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}
