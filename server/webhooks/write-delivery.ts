import { newId } from '../../contract/ids.ts'
import { readTeamEvent } from '../../contract/notices/team-event-words.ts'
import { TEAM_EVENTS } from '../../contract/notices/team-events.ts'
import type { Team, TeamEvent, Webhook, WebhookFormat } from '../../prisma/client.ts'

/** What a message tells, whatever its format. */
interface Message {
  id: string
  type: string
  at: Date
  team: Pick<Team, 'id' | 'slug' | 'name'>
  title: string
  detail: string
  url: string
  data: unknown
}

type Told = Pick<Webhook, 'id' | 'teamId' | 'format'>

/** The row of an event's delivery to a webhook. */
export function writeDelivery(
  { id: webhookId, teamId, format }: Told,
  { event, team, origin }: { event: TeamEvent; team: Team; origin: string },
) {
  const { data, words } = readTeamEvent(event)
  const { title, detail, path } = words
  const { name: eventName } = TEAM_EVENTS[event.kind]
  const url = `${origin}/${team.slug}${path}`
  const message = { id: event.id, type: eventName, at: event.createdAt, team, title, detail, url, data }
  const body = writeBody(format, message)
  return { id: newId('WebhookDelivery'), teamId, webhookId, eventId: event.id, eventName, body }
}

/** The row of a delivery that shows whether messages arrive. */
export function writeTestDelivery({ id: webhookId, teamId, format }: Told, team: Team, origin: string) {
  const id = newId('WebhookDelivery')
  const body = writeBody(format, {
    id,
    type: 'test',
    at: new Date(),
    team,
    title: 'A test',
    detail: 'Messages of this webhook arrive.',
    url: `${origin}/${team.slug}/settings/webhooks/${webhookId}`,
    data: {},
  })
  return { id, teamId, webhookId, eventName: 'test', body }
}

function writeBody(format: WebhookFormat, message: Message): string {
  return JSON.stringify(format === 'SLACK' ? forSlack(message) : forStudyhall(message))
}

function forStudyhall({ id, type, at, team, title, url, data }: Message) {
  const { id: teamId, slug, name } = team
  return { id, type, timestamp: at.toISOString(), team: { id: teamId, slug, name }, title, url, data }
}

/** `text` alone is what every receiver of Slack's format shows. */
function forSlack({ team, title, detail, url }: Message) {
  return { text: `*${forMrkdwn(title)}* in ${forMrkdwn(team.name)}\n${forMrkdwn(detail)}\n<${url}|Open>` }
}

/** Slack's three control characters, and what begins and ends its styles: names are shown as typed. */
function forMrkdwn(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, '\u200b$&')
}
