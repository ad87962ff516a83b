/**
 * Races the engine against PyTorch: the same cohort, batch, update rule and threads, in turn within one go, a few steps
 * each. `npm run bench:peers -- --students resnet-32,resnet-32 --update SEQUENTIAL --rounds 8 --json`
 *
 * The ratio of a round is PyTorch's median step over the engine's, so above 1 the engine is ahead. PyTorch is taken at
 * its best: whichever of eager and torch.compile has the better median.
 */
import { loadavg } from 'node:os'
import { Command } from 'commander'
import { installPytorch } from './peers/install-pytorch.ts'
import { startPytorch } from './peers/start-pytorch.ts'
import { medianOf, rounded, startEngine } from './step/measured-process.ts'
import { addCohortOptions, type CohortOptions, wholeNumber } from './step/options.ts'

interface Options extends CohortOptions {
  rounds: number
  steps: number
  eagerOnly: boolean
  json: boolean
}

/** How PyTorch can take the step; `merged` saves the forward passes whose result is known (see peers.py). */
interface Way {
  compiled: boolean
  merged: boolean
}

const options = addCohortOptions(new Command('bench:peers'))
  .option('--rounds <n>', 'turns of each', wholeNumber, 8)
  .option('--steps <n>', 'steps a turn', wholeNumber, 4)
  .option('--eager-only', 'leave torch.compile out', false)
  .option('--json', 'print one JSON line', false)
  .parse()
  .opts<Options>()

const python = await installPytorch((line) => console.error(line))
const engine = startEngine(options)
const { parameters, captureSeconds } = await engine.greeting()
const firstStep = await engine.order({ steps: 1 })
const pytorch = startPytorch(python, options)
const peer = await pytorch.greeting()
if (String(peer.parameters) !== String(parameters))
  throw new Error(`the students differ: ${parameters} parameters here, ${peer.parameters} in PyTorch`)

const ways = listWays()
// Before torch.compile, which takes memory of its own.
const { peakRssMiB: peerPeakRssMiB } = await pytorch.order({ steps: 3, compiled: false, merged: true })
for (const way of ways.slice(1)) await pytorch.order({ steps: 3, ...way })
const { peakRssMiB } = await engine.order({ steps: 3 })

const engineSeconds: number[] = []
const peerSeconds = ways.map((): number[] => [])
for (let round = 0; round < options.rounds; round++) {
  engineSeconds.push(medianOf((await engine.order({ steps: options.steps })).seconds))
  for (const [i, way] of ways.entries())
    peerSeconds[i]!.push(medianOf((await pytorch.order({ steps: options.steps, ...way })).seconds))
}
engine.end()
pytorch.end()

const merged = compareWith(ways.map((way, i) => ({ way, i })).filter(({ way }) => way.merged))
const plain = compareWith(ways.map((way, i) => ({ way, i })).filter(({ way }) => !way.merged))
const { json, eagerOnly: _, ...measured } = options
const result = {
  ...measured,
  ...merged,
  // Algorithm 1 as it is usually written in PyTorch.
  ...(plain ? { asWritten: plain } : {}),
  imagesPerSecond: rounded(options.batch / medianOf(engineSeconds), 1),
  captureSeconds: rounded(captureSeconds, 2),
  firstStepSeconds: rounded(firstStep.seconds[0]!, 2),
  peakRssMiB,
  peerPeakRssMiB,
  peer: `PyTorch ${peer.version}`,
  threads: peer.threads,
  loadAverage: rounded(loadavg()[0]!, 1),
}
if (json) console.log(JSON.stringify(result))
else
  for (const [name, value] of Object.entries(result))
    console.log(`${name.padEnd(20)} ${typeof value === 'object' ? JSON.stringify(value) : value}`)

function listWays(): Way[] {
  const compiled = options.eagerOnly ? [false] : [false, true]
  const written = options.update === 'SEQUENTIAL' ? [true, false] : [true]
  return written.flatMap((merged) => compiled.map((compiled) => ({ compiled, merged })))
}

/** The ratio of medians and the smallest and largest of any round, against the faster of some ways. */
function compareWith(candidates: { way: Way; i: number }[]) {
  const byMedian = candidates.toSorted((a, b) => medianOf(peerSeconds[a.i]!) - medianOf(peerSeconds[b.i]!))
  const best = byMedian[0]
  if (!best) return undefined
  const seconds = peerSeconds[best.i]!
  const ratios = seconds.map((own, round) => own / engineSeconds[round]!)
  return {
    ratio: rounded(medianOf(seconds) / medianOf(engineSeconds), 3),
    ratioMin: rounded(Math.min(...ratios), 3),
    ratioMax: rounded(Math.max(...ratios), 3),
    peerImagesPerSecond: rounded(options.batch / medianOf(seconds), 1),
    peerWay: best.way.compiled ? 'torch.compile' : 'eager',
  }
}
