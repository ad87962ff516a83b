import { followRun, hasEnded } from '../api/follow-run.ts'
import type { RunPartsFragment, RunResultsFragment } from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { pageUrl } from '../api/open-team.ts'
import { CommandError } from '../outcome.ts'
import { showLiveRun } from '../show/live-run.ts'
import { applyEvent, viewOf } from '../show/run-view.ts'
import { requireScores, type Scores, scoresOf, type Threshold } from '../show/scores.ts'
import { percent, textTable } from '../show/text-table.ts'
import type { Surroundings } from '../surroundings.ts'
import { findRun } from './find.ts'

export interface WatchOptions {
  json?: boolean | undefined
  thresholds: readonly Threshold[]
  /** Events up to this one are not shown; by default all those so far, which the table's first state has in it. */
  afterSeq?: number | undefined
}

/**
 * Shows a run until it has ended: a live table, or each event as a line of JSON, and its results at the end.
 * @throws CommandError `failed`, `canceled` or `belowThreshold`, for the exit code
 */
export async function watchRun(
  client: TeamClient,
  run: RunPartsFragment,
  surroundings: Surroundings,
  { json, thresholds, afterSeq = run.lastSeq }: WatchOptions,
): Promise<void> {
  if (!hasEnded(run.status) || afterSeq < run.lastSeq)
    await showEvents(client, run, surroundings, { json, afterSeq })
  const ended = await findRun(client, run.id)
  const scores = scoresOf(ended)
  const url = pageUrl(client, `/runs/${ended.number}`)
  if (json) surroundings.print(`${JSON.stringify({ type: 'result', url, scores, run: ended })}\n`)
  else surroundings.print(`${describeResults(ended, scores)}${url}\n`)
  if (ended.status === 'CANCELED') throw new CommandError('canceled', `Run ${ended.number} was canceled.`)
  if (ended.status !== 'SUCCEEDED')
    throw new CommandError('failed', `Run ${ended.number} failed: ${ended.failure?.message ?? ended.status}`)
  requireScores(scores, thresholds)
}

async function showEvents(
  { api }: TeamClient,
  run: RunPartsFragment,
  surroundings: Surroundings,
  { json, afterSeq }: { json: boolean | undefined; afterSeq: number },
): Promise<void> {
  const view = viewOf(run)
  const live = json ? null : showLiveRun(surroundings)
  live?.show(view)
  const lost = (waitMs: number) =>
    (live ?? { say: (text: string) => surroundings.tell(`  ${text}\n`) }).say(
      `Studyhall does not answer; trying again in ${(waitMs / 1000).toFixed(1)} s`,
    )
  const options = { afterSeq, signal: surroundings.signal, onLost: lost }
  for await (const event of followRun(api, run.id, options)) {
    const { __typename: type, ...rest } = event
    if (json) surroundings.print(`${JSON.stringify({ type, ...rest })}\n`)
    applyEvent(view, event)
    live?.show(view)
  }
  live?.end()
}

function describeResults({ evaluation, retrieval, models }: RunResultsFragment, scores: Scores): string {
  if (!evaluation && !retrieval) return ''
  const idOf = (name: string) => models.find(({ student }) => student.name === name)?.id ?? ''
  const rows = evaluation
    ? evaluation.students.map(({ name, architecture, parameters, top1 }) => [
        name,
        architecture,
        String(parameters),
        percent(top1),
        idOf(name),
      ])
    : (retrieval?.students ?? []).map(({ name, architecture, parameters, score }) => [
        name,
        architecture,
        String(parameters),
        percent(score.meanAveragePrecision),
        idOf(name),
      ])
  const ensemble = percent(scores.ensembleTop1 ?? scores.ensembleMap)
  const measure = evaluation ? 'top-1' : 'mAP'
  return `${textTable(['student', 'architecture', 'parameters', measure, 'model'], rows)}ensemble  ${ensemble}\n`
}
