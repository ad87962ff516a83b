import { countOf } from '../../design/format-numbers.ts'
import { formatDuration } from '../../design/format-time.ts'
import type { RunEstimateQuery } from '../../graphql/generated/operations.ts'

export type RunEstimate = NonNullable<RunEstimateQuery['team']>['runEstimate']

/** How long a run takes and when it starts, in two sentences. */
export function estimateWords({ times, unmeasured, start }: RunEstimate): string {
  return `${durationWords(times, unmeasured)} ${startWords(start)}`
}

function durationWords(times: RunEstimate['times'], unmeasured: string | null): string {
  if (times.length === 0)
    return unmeasured === null
      ? 'How long it takes cannot be told before the start.'
      : `How long it takes cannot be told before the start: no finished run of the team had a ${unmeasured} yet.`
  const told = times.map(
    ({ device, seconds, runs }) =>
      `${formatDuration(seconds)} of one ${device}, from ${runs === 1 ? 'one finished run' : `${runs} finished runs`}`,
  )
  return `It takes about ${told.join('; or ')}.`
}

function startWords({ seconds, ahead, hasWorker }: RunEstimate['start']): string {
  if (!hasWorker) return 'It waits until there is a worker.'
  if (seconds === 0) return 'A worker is free to start it at once.'
  const before = ahead === 0 ? 'once a run ends' : `after ${countOf(ahead, 'queued run')}`
  return seconds === null
    ? `It starts ${before}; when that is cannot be told.`
    : `It starts in about ${formatDuration(seconds)}, ${before}.`
}
