import type { Command } from 'commander'
import { RUN_STATUSES, type RunStatus } from '../../../contract/runs/run-states.ts'
import { type RunPartsFragment, type RunResultsFragment, RunsDocument } from '../api/generated/operations.ts'
import { usageError } from '../outcome.ts'
import { SCORE_NAMES, type ScoreName, scoresOf } from '../show/scores.ts'
import { percent, textTable } from '../show/text-table.ts'
import { type Context, JSON_OPTION, readInteger } from './context.ts'
import { findRun } from './find.ts'

interface ListOptions {
  status?: string
  limit: number
  json?: boolean
}

/** `run list`, `run show` and `run compare`. */
export function registerRunLists(run: Command, { open, result }: Context): void {
  run
    .command('list')
    .description('the team’s runs, newest first')
    .option('--status <names>', 'only these, separated by commas: running,queued')
    .option('--limit <n>', 'at most so many, up to 100', readInteger(1, 100), 20)
    .option(...JSON_OPTION)
    .action(async ({ status, limit, json }: ListOptions) => {
      const statuses = readStatuses(status)
      const { api, team } = await open()
      const { node } = await api.ask(RunsDocument, {
        teamId: team.id,
        first: limit,
        ...(statuses && { statuses }),
      })
      const runs = node?.__typename === 'Team' ? node.runs.nodes : []
      result(json, runs, runTable(runs))
    })

  run
    .command('show')
    .description('a run and its results')
    .argument('<run>', 'number, id, or latest')
    .option(...JSON_OPTION)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const found = await findRun(await open(), text)
      result(json, { ...found, scores: scoresOf(found) }, comparison([found]))
    })

  run
    .command('compare')
    .description('what runs have reached, side by side')
    .argument('<runs...>', 'numbers or ids')
    .option(...JSON_OPTION)
    .action(async (texts: string[], { json }: { json?: boolean }) => {
      const client = await open()
      const runs: RunResultsFragment[] = []
      for (const text of texts) runs.push(await findRun(client, text))
      result(
        json,
        runs.map((each) => ({ ...each, scores: scoresOf(each) })),
        comparison(runs),
      )
    })
}

function readStatuses(text: string | undefined): RunStatus[] | undefined {
  return text?.split(',').map((name) => {
    const status = RUN_STATUSES.find((known) => known === name.trim().toUpperCase())
    if (status) return status
    throw usageError(`--status ${name}: choose of ${RUN_STATUSES.join(', ').toLowerCase()}.`)
  })
}

function runTable(runs: readonly RunPartsFragment[]): string {
  const rows = runs.map(({ number, status, cohort, datasetVersion, progress, students }) => [
    String(number),
    status.toLowerCase(),
    cohort.name,
    `${datasetVersion.dataset.name}@${datasetVersion.number}`,
    `${progress.epoch}/${progress.epochs}`,
    percent(bestOf(students)),
  ])
  return textTable(['run', 'status', 'cohort', 'dataset', 'epoch', 'best'], rows)
}

function bestOf(students: RunPartsFragment['students']): number | null {
  const scores = students.flatMap(({ bestTestTop1, bestTestMap }) => bestTestTop1 ?? bestTestMap ?? [])
  return scores.length > 0 ? Math.max(...scores) : null
}

function comparison(runs: readonly RunResultsFragment[]): string {
  const scores = runs.map(scoresOf)
  const names = (Object.keys(SCORE_NAMES) as ScoreName[]).filter((name) =>
    scores.some((each) => each[name] !== undefined),
  )
  const rows = runs.map((run, k) => [
    String(run.number),
    run.status.toLowerCase(),
    run.cohort.name,
    `${run.datasetVersion.dataset.name}@${run.datasetVersion.number}`,
    run.preset,
    String(run.seed),
    ...names.map((name) => percent(scores[k]?.[name])),
  ])
  return textTable(['run', 'status', 'cohort', 'dataset', 'recipe', 'seed', ...names], rows)
}
