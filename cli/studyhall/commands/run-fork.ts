import type { Command } from 'commander'
import { ForkRunDocument } from '../api/generated/operations.ts'
import { pageUrl } from '../api/open-team.ts'
import { type Context, JSON_OPTION, readInteger } from './context.ts'
import { ensureCohort } from './ensure-cohort.ts'
import { findRun } from './find.ts'
import { readSettings } from './read-settings.ts'
import { watchRun } from './watch-run.ts'

interface ForkOptions {
  step?: number
  cohort?: string
  set: string[]
  idempotencyKey?: string
  wait?: boolean
  json?: boolean
}

export function registerFork(run: Command, { open, surroundings, result }: Context): void {
  run
    .command('fork')
    .description('goes on from a checkpoint of a run with other students, another teaching or another recipe')
    .argument('<run>', 'number, id, or latest')
    .option('--step <n>', 'of the checkpoint; the newest if left out', readInteger(1, 2 ** 31 - 1))
    .option(
      '--cohort <cohort>',
      'name, id, or a .json file: students who have the names of the run’s students stay; its own if left out',
    )
    .option('--set <key=value...>', 'another value for a key of the recipe: learningRate=0.01', [])
    .option('--idempotency-key <key>', 'repeating a key gives the run that it started')
    .option('--wait', 'until it has ended; the exit code says how')
    .option(...JSON_OPTION)
    .action(async (text: string, { step, cohort, set, idempotencyKey, wait, json }: ForkOptions) => {
      const client = await open()
      const { id: runId } = await findRun(client, text)
      const cohortId = cohort === undefined ? undefined : (await ensureCohort(client, cohort)).id
      const input = { runId, step, cohortId, recipe: readSettings(set), idempotencyKey }
      const { run: forked, warnings } = (await client.api.ask(ForkRunDocument, { input })).forkRun
      if (!forked) throw new Error('the API answered neither with a run nor with an error')
      for (const warning of warnings) surroundings.tell(`  Warning: ${warning}\n`)
      if (wait) return watchRun(client, forked, surroundings, { json, thresholds: [] })
      const url = pageUrl(client, `/runs/${forked.number}`)
      result(json, { ...forked, url }, `run ${forked.number}  ${forked.id}\n${url}\n`)
    })
}
