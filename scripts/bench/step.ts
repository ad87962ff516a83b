/**
 * Measures the training step as a run takes it: the same captured graph, with batches drawn from a packed dataset of
 * random images. `npm run bench:step -- --students resnet-32,resnet-32 --classes 100 --batch 64 --steps 20 --json`
 */
import { Command } from 'commander'
import { medianOf, rounded, startEngine } from './step/measured-process.ts'
import { addCohortOptions, type CohortOptions, wholeNumber } from './step/options.ts'

const options = addCohortOptions(new Command('bench:step'))
  .option('--steps <n>', 'steps that are measured', wholeNumber, 20)
  .option('--warmup <n>', 'steps before them', wholeNumber, 3)
  .option('--json', 'print one JSON line', false)
  .parse()
  .opts<CohortOptions & { steps: number; warmup: number; json: boolean }>()

const engine = startEngine(options)
const { loadSeconds, captureSeconds, parameters } = await engine.greeting()
const warmup = await engine.order({ steps: options.warmup })
const { seconds, batchWaitSeconds = [], peakRssMiB } = await engine.order({ steps: options.steps })
engine.end()

const { json, warmup: _, ...measured } = options
const result = {
  ...measured,
  imagesPerSecond: rounded(options.batch / medianOf(seconds), 1),
  secondsPerStep: rounded(medianOf(seconds), 4),
  slowestStepSeconds: rounded(Math.max(...seconds), 4),
  batchWaitSeconds: rounded(medianOf(batchWaitSeconds), 5),
  loadSeconds: rounded(loadSeconds, 2),
  captureSeconds: rounded(captureSeconds, 2),
  firstStepSeconds: rounded(warmup.seconds[0]!, 2),
  peakRssMiB,
  parameters,
}
if (json) console.log(JSON.stringify(result))
else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(18)} ${value}`)
