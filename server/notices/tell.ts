import { newId } from '../../contract/ids.ts'
import { readTeamEvent } from '../../contract/notices/team-event-words.ts'
import type { Team, TeamEvent, Transaction } from '../../prisma/client.ts'
import { recordExperimentFinished } from '../../runs/team-events.ts'
import { writeNotice } from '../mail/letters.ts'
import type { Outbox } from '../mail/outbox.ts'
import { writeDelivery } from '../webhooks/write-delivery.ts'
import { findAudience, type Told } from './audience.ts'
import { limitMails } from './limit-mails.ts'

const MAIL_VALID_MS = 7 * 24 * 3_600_000

/** Makes the notices, mails and deliveries of an event. @returns how many deliveries there are to make */
export async function tell(
  tx: Transaction,
  outbox: Outbox,
  origin: string,
  event: TeamEvent,
): Promise<number> {
  const team = await tx.team.findUniqueOrThrow({ where: { id: event.teamId } })
  await followUp(tx, event)
  const audience = await limitMails(tx, event.id, await findAudience(tx, event))
  await addToBells(tx, event, audience)
  await postMails(tx, outbox, origin, { event, team, audience })
  return addDeliveries(tx, origin, { event, team })
}

/** The last of an experiment's runs ends the experiment. */
async function followUp(tx: Transaction, event: TeamEvent): Promise<void> {
  const { data } = readTeamEvent(event)
  if (event.kind !== 'RUN_PAUSED' && 'experiment' in data && data.experiment && 'run' in data)
    await recordExperimentFinished(tx, data.experiment.id)
}

async function addToBells(tx: Transaction, { id, teamId }: TeamEvent, audience: Told[]): Promise<void> {
  const inPage = audience.filter(({ channels }) => channels.has('PAGE') || channels.has('BROWSER'))
  if (inPage.length === 0) return
  await tx.notice.createMany({
    data: inPage.map(({ userId, channels }) => {
      return { id: newId('Notice'), userId, teamId, eventId: id, inBrowser: channels.has('BROWSER') }
    }),
    skipDuplicates: true,
  })
}

interface Dispatched {
  event: TeamEvent
  team: Team
}

async function postMails(
  tx: Transaction,
  outbox: Outbox,
  origin: string,
  { event, team, audience }: Dispatched & { audience: (Told & { isLastMail: boolean })[] },
): Promise<void> {
  const { title, detail, path } = readTeamEvent(event).words
  const expiresAt = new Date(event.createdAt.getTime() + MAIL_VALID_MS)
  const url = `${origin}/${team.slug}${path}`
  const facts = { team: team.name, title, detail, url, choicesUrl: `${origin}/account`, expiresAt }
  const mailed = audience.filter(({ channels }) => channels.has('MAIL'))
  for (const isLast of [false, true]) {
    const people = mailed.filter(({ isLastMail }) => isLastMail === isLast)
    const addresses = people.map(({ email }) => email)
    await outbox.postToAll(tx, addresses, writeNotice({ ...facts, isLast }))
  }
}

async function addDeliveries(tx: Transaction, origin: string, { event, team }: Dispatched): Promise<number> {
  const webhooks = await tx.webhook.findMany({
    where: { teamId: team.id, kinds: { has: event.kind }, disabledAt: null },
  })
  if (webhooks.length === 0) return 0
  await tx.webhookDelivery.createMany({
    data: webhooks.map((webhook) => writeDelivery(webhook, { event, team, origin })),
    skipDuplicates: true,
  })
  return webhooks.length
}
