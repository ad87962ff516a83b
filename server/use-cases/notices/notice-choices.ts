import {
  NOTICE_CHANNELS,
  type NoticeChannel,
  type NoticeScope,
  TEAM_EVENT_KINDS,
  type TeamEventKind,
} from '../../../contract/notices/team-events.ts'
import type { Database } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { scopeOf } from '../../notices/audience.ts'
import type { Services } from '../../services.ts'

interface Choice {
  kind: TeamEventKind
  channel: NoticeChannel
  scope: NoticeScope
}

/** What holds for a person, for every kind of event and every channel. */
export async function readNoticeChoices(database: Database, userId: string): Promise<Choice[]> {
  const choices = await database.noticeChoice.findMany({ where: { userId } })
  return TEAM_EVENT_KINDS.flatMap((kind) =>
    NOTICE_CHANNELS.map((channel) => ({ kind, channel, scope: scopeOf(kind, channel, choices) })),
  )
}

/** Chooses of what one kind of event tells by one channel. @returns all choices */
export async function chooseNotices(
  { database }: Services,
  actor: Actor | null,
  { kind, channel, scope }: Choice,
): Promise<Choice[]> {
  const { userId } = requirePerson(actor)
  await database.noticeChoice.upsert({
    where: { userId_kind_channel: { userId, kind, channel } },
    create: { userId, kind, channel, scope },
    update: { scope },
  })
  return readNoticeChoices(database, userId)
}
