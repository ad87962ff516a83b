import type { Command } from 'commander'
import type { RunPartsFragment } from '../api/generated/operations.ts'
import {
  CancelRunDocument,
  type DeviceKind,
  FollowRunDocument,
  PauseRunDocument,
  ResumeRunDocument,
  StartRunDocument,
} from '../api/generated/operations.ts'
import { pageUrl, type TeamClient } from '../api/open-team.ts'
import { usageError } from '../outcome.ts'
import { readThreshold, SCORE_NAMES, type Threshold } from '../show/scores.ts'
import { type Context, JSON_OPTION, type Register, readInteger } from './context.ts'
import { ensureCohort } from './ensure-cohort.ts'
import { findRun, findVersion } from './find.ts'
import { readSettings } from './read-settings.ts'
import { registerFork } from './run-fork.ts'
import { registerRunLists } from './run-lists.ts'
import { watchRun } from './watch-run.ts'

interface StartOptions {
  cohort: string
  dataset: string
  recipe: string
  set: string[]
  seed: number
  device?: string
  label?: string
  idempotencyKey?: string
  notify?: boolean
  wait?: boolean
  failBelow: Threshold[]
  json?: boolean
}

interface WatchCommand {
  after?: number
  failBelow: Threshold[]
  json?: boolean
}

const RUN_ARGUMENT = ['<run>', 'number, id, or latest'] as const
const FAIL_BELOW = [
  '--fail-below <score=least>',
  `exit with 4 where a score is less, for example top1=0.9; may be repeated. Scores: ${Object.keys(SCORE_NAMES).join(', ')}`,
] as const

const collectThresholds = (text: string, before: Threshold[]) => [...before, readThreshold(text)]

export const registerRun: Register = (program, context) => {
  const run = program
    .command('run')
    .description('runs: start, fork, watch, pause, resume, cancel, list, show, compare')
  registerStart(run, context)
  registerFork(run, context)
  registerWatch(run, context)
  registerControls(run, context)
  registerRunLists(run, context)
}

function registerStart(run: Command, { open, surroundings, result }: Context): void {
  run
    .command('start')
    .description('queues the training of a cohort on a dataset')
    .requiredOption(
      '--cohort <cohort>',
      'name, id, or a .json file, whose cohort is created unless it is there',
    )
    .requiredOption('--dataset <dataset>', 'name, name@version, or the id of a version')
    .option('--recipe <preset>', 'as the page of a new run names them', 'quick')
    .option('--set <key=value...>', 'another value for a key of the recipe: epochs=3', [])
    .option('--seed <n>', 'everything random follows from it', readInteger(0, 2 ** 31 - 1), 1)
    .option('--device <kind>', 'CPU or GPU; any if left out')
    .option('--label <label>', 'of the workers that may take it; any if left out')
    .option('--idempotency-key <key>', 'repeating a key gives the run that it started')
    .option('--notify', 'have whoever made the key told when it ends, by the pages and by mail')
    .option('--wait', 'until it has ended; the exit code says how')
    .option(...FAIL_BELOW, collectThresholds, [] as Threshold[])
    .option(...JSON_OPTION)
    .action(async (options: StartOptions) => {
      const { wait, failBelow, json } = options
      if (failBelow.length > 0 && !wait)
        throw usageError('--fail-below needs --wait: a run has no score before it ends.')
      const client = await open()
      const { run, warnings } = await startRun(client, options)
      if (options.notify) await client.api.ask(FollowRunDocument, { input: { runId: run.id } })
      for (const warning of warnings) surroundings.tell(`  Warning: ${warning}\n`)
      if (wait) return watchRun(client, run, surroundings, { json, thresholds: failBelow })
      const url = pageUrl(client, `/runs/${run.number}`)
      result(json, { ...run, url }, `run ${run.number}  ${run.id}\n${url}\n`)
    })
}

async function startRun(client: TeamClient, options: StartOptions) {
  const recipe = readSettings(options.set)
  const datasetVersionId = await findVersion(client, options.dataset)
  const cohort = await ensureCohort(client, options.cohort)
  const { startRun } = await client.api.ask(StartRunDocument, {
    input: {
      cohortId: cohort.id,
      datasetVersionId,
      preset: options.recipe,
      recipe,
      seed: options.seed,
      device: readDevice(options.device),
      label: options.label,
      idempotencyKey: options.idempotencyKey,
    },
  })
  if (!startRun.run) throw new Error('the API answered neither with a run nor with an error')
  return { run: startRun.run, warnings: startRun.warnings }
}

export function readDevice(text: string | undefined): DeviceKind | undefined {
  const kind = text?.toUpperCase()
  if (kind === undefined || kind === 'CPU' || kind === 'GPU') return kind
  throw usageError(`--device ${text}: write CPU or GPU.`)
}

function registerWatch(run: Command, { open, surroundings }: Context): void {
  run
    .command('watch')
    .description('shows a run live until it has ended; the exit code says how')
    .argument(...RUN_ARGUMENT)
    .option(
      '--after <seq>',
      'events after this one, 0 for all; by default those to come',
      readInteger(0, 2 ** 31 - 1),
    )
    .option(...FAIL_BELOW, collectThresholds, [] as Threshold[])
    .option(...JSON_OPTION)
    .action(async (text: string, { json, failBelow, after }: WatchCommand) => {
      const client = await open()
      const run = await findRun(client, text)
      await watchRun(client, run, surroundings, { json, thresholds: failBelow, afterSeq: after })
    })
}

function registerControls(run: Command, { open, result }: Context): void {
  type Change = (client: TeamClient, runId: string) => Promise<RunPartsFragment | null>
  const changes: Record<string, [description: string, change: Change]> = {
    pause: [
      'pauses a run; a running one saves a checkpoint first',
      async ({ api }, runId) => (await api.ask(PauseRunDocument, { input: { runId } })).pauseRun.run,
    ],
    resume: [
      'goes on with a paused run, to the same bit',
      async ({ api }, runId) => (await api.ask(ResumeRunDocument, { input: { runId } })).resumeRun.run,
    ],
    cancel: [
      'cancels a run that has not ended',
      async ({ api }, runId) => (await api.ask(CancelRunDocument, { input: { runId } })).cancelRun.run,
    ],
  }
  for (const [name, [description, change]] of Object.entries(changes))
    run
      .command(name)
      .description(description)
      .argument(...RUN_ARGUMENT)
      .option(...JSON_OPTION)
      .action(async (text: string, { json }: { json?: boolean }) => {
        const client = await open()
        const { id } = await findRun(client, text)
        const changed = await change(client, id)
        result(json, changed, `run ${changed?.number}: ${changed?.status.toLowerCase()}\n`)
      })
}
