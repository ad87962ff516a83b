/**
 * Measures what checkpoints cost a training: rounds of steps with a checkpoint and without one take turns, and the
 * difference is what one costs, the steps that are slower while it is written included.
 * `npm run bench:checkpoint -- --students resnet-32,resnet-32 --rounds 8` prints one JSON line.
 */
import { Command } from 'commander'
import { medianOf, rounded, startEngine } from './step/measured-process.ts'
import { addCohortOptions, type CohortOptions, wholeNumber } from './step/options.ts'

const SECONDS_BETWEEN = 60

const options = addCohortOptions(new Command('bench:checkpoint'))
  .option('--rounds <n>', 'rounds with a checkpoint, and as many without', wholeNumber, 8)
  .option('--steps <n>', 'steps a round', wholeNumber, 10)
  .parse()
  .opts<CohortOptions & { rounds: number; steps: number }>()

const { rounds, steps, ...cohort } = options
const engine = startEngine(cohort)
await engine.greeting()
await engine.order({ steps: 3 })
const plain: number[] = []
const costs: number[] = []
const pauses: number[] = []
const writes: number[] = []
let bytes = 0
for (let round = 0; round < rounds; round++) {
  const without = sumOf((await engine.order({ steps })).seconds)
  const { seconds, saved } = await engine.order({ steps, checkpoint: true })
  plain.push(without / steps)
  costs.push(sumOf(seconds) + saved!.pauseSeconds - without)
  pauses.push(saved!.pauseSeconds)
  writes.push(saved!.writeSeconds)
  bytes = saved!.bytes
}
engine.end()

const costSeconds = medianOf(costs)
const result = {
  ...options,
  checkpointBytes: bytes,
  secondsPerStep: rounded(medianOf(plain), 4),
  pauseSeconds: rounded(medianOf(pauses), 4),
  longestPauseSeconds: rounded(Math.max(...pauses), 4),
  writeSeconds: rounded(medianOf(writes), 3),
  costSeconds: rounded(costSeconds, 4),
  shareAtOneAMinute: rounded(costSeconds / SECONDS_BETWEEN, 5),
}
console.log(JSON.stringify(result))

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
