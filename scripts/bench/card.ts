/**
 * `npm run bench:card`: what calls of many steps and compiling gain on a graphics card, one JSON line for each cohort
 * and way of running it. The ways take turns, round after round; cohorts for which no time is left are named.
 */
import path from 'node:path'
import { Command } from 'commander'
import { cardEnvironment } from '../../workers/devices/card-environment.ts'
import { COHORTS, planOf } from './card/plan.ts'
import { medianOf, rounded, startEngine } from './step/measured-process.ts'
import { type CohortOptions, wholeNumber } from './step/options.ts'

const ROUNDS = 3
const { steps, minutes, students, batch, classes, dryRun } = new Command('bench:card')
  .option('--steps <n>', 'steps of each way in a round', wholeNumber, 32)
  .option('--minutes <n>', 'after which no other cohort begins', wholeNumber, 5)
  .option('--students <names>', 'one cohort only: its architectures')
  .option('--batch <n>', 'images a step', wholeNumber, 64)
  .option('--classes <n>', 'number of classes', wholeNumber, 100)
  .option('--dry-run', 'print what would be measured', false)
  .parse()
  .opts<{
    steps: number
    minutes: number
    students?: string
    batch: number
    classes: number
    dryRun: boolean
  }>()

const cache = path.resolve(process.env.STUDYHALL_HOME ?? '.studyhall', 'compiled-programs')
Object.assign(process.env, cardEnvironment(process.env, cache))
const beganAt = performance.now()
const cohorts = students ? [{ students, update: 'SIMULTANEOUS', precision: 'FLOAT32' } as const] : COHORTS
for (const cohort of cohorts) {
  const plan = planOf(cohort, { batch, classes })
  if (dryRun) for (const row of plan) tell(row)
  else if (performance.now() - beganAt > minutes * 60_000) tell({ ...cohort, skipped: 'no time was left' })
  else await race(plan).catch((error) => tell({ ...cohort, failed: String(error).slice(0, 1000) }))
}

async function race(plan: ReturnType<typeof planOf>): Promise<void> {
  const engines = plan.map(({ options }) => startEngine(options))
  try {
    const entrants = []
    for (const [i, engine] of engines.entries()) {
      const { captureSeconds } = await engine.greeting()
      const { variant, options } = plan[i] as (typeof plan)[number]
      const first = await engine.order({ steps: options.stepsPerCall })
      const firstCallSeconds = first.seconds.reduce((sum, seconds) => sum + seconds, 0)
      entrants.push({
        engine,
        variant,
        options,
        captureSeconds,
        firstCallSeconds,
        rounds: [] as number[],
        peakRssMiB: 0,
      })
    }
    for (let round = 0; round < ROUNDS; round++)
      for (const entrant of entrants) {
        const { seconds, peakRssMiB } = await entrant.engine.order({ steps })
        entrant.rounds.push(entrant.options.batch / medianOf(seconds))
        entrant.peakRssMiB = peakRssMiB
      }
    const base = medianOf(entrants[0]?.rounds ?? [])
    for (const { variant, options, captureSeconds, firstCallSeconds, rounds, peakRssMiB } of entrants)
      tell({
        ...cohortOnly(options),
        variant,
        imagesPerSecond: rounded(medianOf(rounds), 0),
        ratio: rounded(medianOf(rounds) / base, 2),
        rounds: rounds.map((each) => rounded(each, 0)),
        captureSeconds: rounded(captureSeconds, 1),
        firstCallSeconds: rounded(firstCallSeconds, 1),
        peakRssMiB,
      })
  } finally {
    for (const engine of engines) engine.end()
  }
}

function cohortOnly({ students, update, precision, batch }: CohortOptions) {
  return { students, update, precision, batch }
}

function tell(row: object): void {
  console.log(JSON.stringify(row))
}
