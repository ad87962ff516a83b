import {
  ADMIN_EVENT_KINDS,
  NOTICE_CHANNELS,
  type NoticeChannel,
  type NoticeScope,
  RUN_END_KINDS,
  type TeamEventKind,
  USUAL_NOTICES,
} from '../../contract/notices/team-events.ts'
import type { NoticeChoice, TeamEvent, Transaction } from '../../prisma/client.ts'
import { mayActAs } from '../access/actor.ts'

/** A member who is told of an event, and by what. */
export interface Told {
  userId: string
  email: string
  channels: Set<NoticeChannel>
}

/**
 * Who of the team is told of an event. Whoever waits for the end of a run is told of it in the page and by mail, whatever
 * they chose; a service account, which reads nothing, never is, nor whoever is suspended. Runs that an experiment queued are told of to nobody else:
 * the experiment's end tells of them all.
 */
export async function findAudience(tx: Transaction, event: TeamEvent): Promise<Told[]> {
  const { teamId, kind, data } = event
  const members = await tx.member.findMany({
    where: { teamId, user: { isServiceAccount: false, suspendedAt: null } },
    include: { user: { include: { noticeChoices: { where: { kind } } } } },
  })
  const facts = data as { run?: { id: string }; experiment?: { id: string } | null }
  const followers = await readFollowers(tx, kind, facts.run?.id)
  const isOfExperiment = facts.run !== undefined && facts.experiment != null
  return members.flatMap(({ userId, role, user }) => {
    const isForAdmins = ADMIN_EVENT_KINDS.includes(kind)
    if (isForAdmins && !mayActAs(role, 'ADMIN')) return []
    const isOwn = isForAdmins || event.concernsId === userId
    const channels = isOfExperiment ? new Set<NoticeChannel>() : wanted(kind, user.noticeChoices, isOwn)
    if (followers.has(userId)) for (const channel of NOTICE_CHANNELS) channels.add(channel)
    return channels.size > 0 ? [{ userId, email: user.email, channels }] : []
  })
}

/** What holds for one kind of event on one channel. */
export function scopeOf(
  kind: TeamEventKind,
  channel: NoticeChannel,
  choices: readonly Pick<NoticeChoice, 'kind' | 'channel' | 'scope'>[],
): NoticeScope {
  const chosen = choices.find((choice) => choice.kind === kind && choice.channel === channel)
  return chosen?.scope ?? USUAL_NOTICES[kind][channel]
}

function wanted(kind: TeamEventKind, choices: readonly NoticeChoice[], isOwn: boolean): Set<NoticeChannel> {
  const isWanted = (channel: NoticeChannel) => {
    const scope = scopeOf(kind, channel, choices)
    return scope === 'TEAM' || (scope === 'OWN' && isOwn)
  }
  return new Set(NOTICE_CHANNELS.filter(isWanted))
}

async function readFollowers(tx: Transaction, kind: TeamEventKind, runId?: string): Promise<Set<string>> {
  if (runId === undefined || !RUN_END_KINDS.includes(kind)) return new Set()
  const followers = await tx.runFollower.findMany({ where: { runId } })
  return new Set(followers.map(({ userId }) => userId))
}
