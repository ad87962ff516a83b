import { requireRole } from '../../access/actor.ts'
import { AppError, notFound } from '../../errors.ts'
import { toStream } from '../../live/stream.ts'
import type { SubscriptionResolvers } from '../generated/resolvers.ts'
import type { Mappers } from '../mappers.ts'
import type { Context } from '../transport/context.ts'

export const Subscription: SubscriptionResolvers = {
  runEvents: {
    async subscribe(_, { runId, afterSeq }, context) {
      const run = await context.services.database.run.findUnique({ where: { id: runId } })
      const guard = await permit(context, run?.teamId, 'run', ['runId'])
      const after = afterSeq ?? 0
      if (after < 0 || after > run!.lastSeq) {
        const message = `afterSeq is ${after}; this run’s events are 1 to ${run!.lastSeq}, and 0 is before them all.`
        throw new AppError('INVALID_INPUT', message, ['afterSeq'])
      }
      return toStream((signal) => context.live.runs.follow(runId, after, signal), guard)
    },
    resolve: (event: Mappers['RunStatusChanged']) => event,
  },
  datasetVersionChanged: {
    async subscribe(_, { id }, context) {
      const version = await context.services.database.datasetVersion.findUnique({ where: { id } })
      const guard = await permit(context, version?.teamId, 'dataset version', ['id'])
      return toStream((signal) => context.live.datasetVersions.follow(id, signal), guard)
    },
    resolve: (version: Mappers['DatasetVersion']) => version,
  },
  teamRuns: {
    async subscribe(_, { teamId }, context) {
      const guard = await permit(context, teamId, 'team', ['teamId'])
      return toStream((signal) => context.live.teamRuns.follow(teamId, signal), guard)
    },
    resolve: (run: Mappers['Run']) => run,
  },
}

/** Lets a member of the team pass. @returns what breaks the stream off when they are none any more */
async function permit(
  { actor, services, live }: Context,
  teamId: string | undefined,
  noun: string,
  path: string[],
): Promise<(breakOff: (error: Error) => void) => () => void> {
  const allowed = await requireRole(services.database, actor, { teamId, atLeast: 'VIEWER', noun, path })
  return (breakOff) => live.access.watch(allowed.actor, teamId!, () => breakOff(notFound(noun, path)))
}
