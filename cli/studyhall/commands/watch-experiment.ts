import { setTimeout as wait } from 'node:timers/promises'
import { ConnectionLost } from '../api/client.ts'
import {
  type ExperimentPartsFragment,
  ExperimentResultsDocument,
  type ExperimentResultsQuery,
  type VerdictKind,
} from '../api/generated/operations.ts'
import { pageUrl, type TeamClient } from '../api/open-team.ts'
import { describeSeconds } from '../files/transfer-progress.ts'
import { CommandError, usageError } from '../outcome.ts'
import { textTable } from '../show/text-table.ts'
import type { Surroundings } from '../surroundings.ts'
import { findExperiment } from './find-experiment.ts'

const POLL_MS = 1_000
/** A server may be away for as long as a rolling upgrade takes. */
const MOST_FAILURES = 600

export type MeasuredExperiment = Extract<ExperimentResultsQuery['node'], { __typename: 'Experiment' }>

export interface WatchOptions {
  json?: boolean | undefined
  /** What the main comparisons have to come to. */
  expected?: VerdictKind | undefined
  pollMs?: number | undefined
}

/**
 * Tells how far an experiment is until all of its runs have ended, and then what it shows.
 * @throws CommandError `failed`, `canceled` or `belowThreshold`, for the exit code
 */
export async function watchExperiment(
  client: TeamClient,
  id: string,
  surroundings: Surroundings,
  { json, expected, pollMs = POLL_MS }: WatchOptions,
): Promise<void> {
  const { signal, print, tell } = surroundings
  let told = ''
  let failures = 0
  for (;;) {
    signal.throwIfAborted()
    try {
      const experiment = await findExperiment(client, id)
      failures = 0
      const state = JSON.stringify(experiment.progress)
      if (state !== told && json)
        print(`${JSON.stringify({ type: 'progress', number: experiment.number, ...experiment.progress })}\n`)
      if (state !== told && !json)
        tell(`  experiment ${experiment.number}: ${describeProgress(experiment)}\n`)
      told = state
      if (hasEnded(experiment)) break
    } catch (error) {
      if (!(error instanceof ConnectionLost) || ++failures > MOST_FAILURES) throw error
      if (failures === 1) tell('  Studyhall does not answer; trying again\n')
    }
    await wait(pollMs, undefined, { signal })
  }
  await tellResults(client, id, surroundings, { json, expected })
}

/** An experiment and its comparisons, as they stand. */
export async function readResults({ api, team }: TeamClient, id: string): Promise<MeasuredExperiment> {
  const { node } = await api.ask(ExperimentResultsDocument, { id })
  if (node?.__typename === 'Experiment') return node
  throw usageError(`There is no experiment ${id} in the team “${team.name}”.`)
}

async function tellResults(
  client: TeamClient,
  id: string,
  { print }: Surroundings,
  { json, expected }: WatchOptions,
): Promise<void> {
  const experiment = await readResults(client, id)
  const url = pageUrl(client, `/experiments/${experiment.number}`)
  if (json) print(`${JSON.stringify({ type: 'result', url, experiment })}\n`)
  else print(`${describeResults(experiment)}${url}\n`)
  const { number, progress } = experiment
  if (progress.status === 'CANCELED') throw new CommandError('canceled', `Experiment ${number} was canceled.`)
  if (progress.failed > 0)
    throw new CommandError(
      'failed',
      `${progress.failed} of ${progress.runs} runs of experiment ${number} failed; their pairs are missing.`,
    )
  if (expected) requireVerdict(experiment, expected)
}

function requireVerdict({ results }: MeasuredExperiment, expected: VerdictKind): void {
  const main = results.comparisons.filter(({ measure, difference }) => measure.isPrimary && difference)
  const other = main.filter(({ difference }) => difference?.verdict.kind !== expected)
  if (main.length > 0 && other.length === 0) return
  const said = other.map(({ arm, difference }) => `${arm}: ${difference?.verdict.words}`).join('; ')
  throw new CommandError(
    'belowThreshold',
    `The verdict is not ${expected.toLowerCase()}: ${said || 'nothing was compared'}.`,
  )
}

function hasEnded({ progress }: ExperimentPartsFragment): boolean {
  return progress.status === 'ENDED' || progress.status === 'CANCELED'
}

export function describeProgress({ progress }: ExperimentPartsFragment): string {
  const { status, runs, succeeded, failed, canceled, running, remainingSeconds } = progress
  return [
    status.toLowerCase(),
    `${succeeded} of ${runs} runs succeeded`,
    running > 0 && `${running} running`,
    failed > 0 && `${failed} failed`,
    canceled > 0 && `${canceled} not trained`,
    remainingSeconds !== null && `${describeSeconds(remainingSeconds)} left`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}

/** The main table: average student and ensemble of each arm. */
export function describeResults({ results, conditions }: MeasuredExperiment): string {
  const rows = results.comparisons
    .filter(({ measure }) => measure.part === 'MAIN')
    .map(({ condition, arm, measure, inWords, difference }) => [
      conditions.length > 1 ? `${condition}: ${arm}` : arm,
      measure.unit === 'PERCENT' ? `${measure.name}, %` : measure.name,
      inWords,
      difference?.inWords ?? '',
      difference?.pInWords ?? '',
      difference?.verdict.words ?? '',
    ])
  if (rows.length === 0) return 'No trial has come to a result yet.\n'
  return textTable(['arm', 'measure', 'mean', 'difference', 'p; Holm', 'verdict'], rows)
}
