import { readTeamEvent } from '../../../contract/notices/team-event-words.ts'
import type { Notice as NoticeRow } from '../../../prisma/client.ts'
import { followRun } from '../../use-cases/notices/follow-run.ts'
import { markNoticesRead } from '../../use-cases/notices/mark-notices-read.ts'
import { chooseNotices, readNoticeChoices } from '../../use-cases/notices/notice-choices.ts'
import { hasPushSubscription, setPushSubscription } from '../../use-cases/notices/push-subscriptions.ts'
import { countUnread, readNotices } from '../../use-cases/notices/read-notices.ts'
import type { MutationResolvers, NoticeResolvers, ViewerResolvers } from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'
import { answer } from './answer.ts'

/** What a viewer is told. */
export const viewerNotices = {
  notices: (actor, page, { services }) => readNotices(services.database, actor, page),
  unreadNotices: (actor, _, { services }) =>
    actor.kind === 'session' ? countUnread(services.database, actor.userId) : 0,
  noticeChoices: ({ userId }, _, { services }) => readNoticeChoices(services.database, userId),
  pushKey: (_, __, { services }) => services.vapidKey.publicKey,
  isPushed: (actor, _, { services }) => hasPushSubscription(services, actor),
} satisfies ViewerResolvers

export const Notice: NoticeResolvers = {
  kind: async ({ eventId }, _, { loaders }) => (await loaders.teamEvent.load(eventId)).kind,
  title: async (notice, _, context) => (await wordsOf(notice, context)).title,
  detail: async (notice, _, context) => (await wordsOf(notice, context)).detail,
  async path(notice, _, context) {
    const { slug } = await context.loaders.team.load(notice.teamId)
    return `/${slug}${(await wordsOf(notice, context)).path}`
  },
  team: ({ teamId }, _, { loaders }) => loaders.team.load(teamId),
}

async function wordsOf({ eventId }: NoticeRow, { loaders }: Context) {
  return readTeamEvent(await loaders.teamEvent.load(eventId)).words
}

export const noticeMutations = {
  markNoticesRead: (_, { input }, { services, actor }) =>
    answer(async () => ({ unread: await markNoticesRead(services, actor, input) })),
  chooseNotices: (_, { input }, { services, actor }) =>
    answer(async () => ({ noticeChoices: await chooseNotices(services, actor, input) })),
  setPushSubscription: (_, { input: { subscription } }, { services, actor }) =>
    answer(async () => ({ isPushed: await setPushSubscription(services, actor, subscription) })),
  followRun: (_, { input: { runId, follows } }, { services, actor }) =>
    answer(async () => ({ run: await followRun(services, actor, { runId, follows: follows ?? true }) })),
} satisfies MutationResolvers
