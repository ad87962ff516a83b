import type { RunEventRecord } from '../../../contract/runs/run-events.ts'
import type { DatasetVersion, Run, Team } from '../../../prisma/client.ts'
import { requireActor, requirePerson, roleIn } from '../../access/actor.ts'
import { type Asker, permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { NoticesChange } from '../../live/notice-feed.ts'
import { toStream } from '../../live/stream.ts'
import type { SubscriptionResolvers } from '../generated/resolvers.ts'
import type { Context } from '../transport/context.ts'

export const Subscription: SubscriptionResolvers = {
  runEvents: {
    async subscribe(_, { runId, afterSeq, mayThin }, context) {
      const { teamId, lastSeq } = await permit(askerOf(context), 'Run', runId, 'VIEWER')
      const after = afterSeq ?? 0
      if (after < 0 || after > lastSeq) {
        const message = `afterSeq is ${after}; this run’s events are 1 to ${lastSeq}, and 0 is before them all.`
        throw new AppError('INVALID_INPUT', message, ['afterSeq'])
      }
      const follow = (signal: AbortSignal) => context.live.runs.follow(runId, after, signal, mayThin ?? false)
      return toStream(follow, whileMember(context, teamId, notFound('run', ['runId'])))
    },
    resolve: (event: RunEventRecord) => event,
  },
  datasetVersionChanged: {
    async subscribe(_, { id }, context) {
      const { teamId } = await permit(askerOf(context), 'DatasetVersion', id, 'VIEWER', 'id')
      const follow = (signal: AbortSignal) => context.live.datasetVersions.follow(id, signal)
      return toStream(follow, whileMember(context, teamId, notFound('dataset version', ['id'])))
    },
    resolve: (version: DatasetVersion) => version,
  },
  teamRuns: {
    async subscribe(_, { teamId, includeProgress }, context) {
      await permit(askerOf(context), 'Team', teamId, 'VIEWER')
      const follow = (signal: AbortSignal) =>
        context.live.teamRuns.follow(teamId, includeProgress ?? false, signal)
      return toStream(follow, whileMember(context, teamId, notFound('team', ['teamId'])))
    },
    resolve: (run: Run) => run,
  },
  teamChanged: {
    async subscribe(_, { teamId }, context) {
      await permit(askerOf(context), 'Team', teamId, 'VIEWER')
      const gone = notFound('team', ['teamId'])
      return toStream(
        (signal) => followAsMember(context, teamId, gone, signal),
        whileMember(context, teamId, gone),
      )
    },
    resolve: (team: Team) => team,
  },
  noticesChanged: {
    async subscribe(_, __, { actor, live }) {
      const person = requirePerson(actor)
      const over = new AppError('UNAUTHENTICATED', 'You are no longer signed in.')
      return toStream(
        (signal) => live.notices.follow(person.userId, signal),
        (breakOff) => live.access.watch(person, null, () => breakOff(over)),
      )
    },
    resolve: (change: NoticesChange) => change,
  },
}

/** Whoever is removed hears of no change any more, their own removal among them. */
async function* followAsMember(context: Context, teamId: string, gone: AppError, signal: AbortSignal) {
  for await (const team of context.live.teams.follow(teamId, signal)) {
    if (!(await roleIn(context.services.database, context.actor, teamId))) throw gone
    yield team
  }
}

function askerOf({ actor, services: { database } }: Context): Asker {
  return { actor, database }
}

/** Ends a stream with an error once the subscriber is no longer a member of the team. */
function whileMember({ actor, live }: Context, teamId: string, error: AppError) {
  return (breakOff: (error: Error) => void) =>
    live.access.watch(requireActor(actor), teamId, () => breakOff(error))
}
