import { z } from 'zod'
import { TEACHING_METHODS } from '../../../contract/cohort.ts'
import { found, Id, NumberInTeam, rounded, type Toolbox, tool } from '../tool.ts'
import { waitUntil } from '../wait-until.ts'

const EXPERIMENT = `id number title seeds conditions arms { name control students method } datasetVersion { number dataset { name } }
  progress { status runs succeeded failed canceled running remainingSeconds }`
const EXPERIMENT_OF_TEAM = `query ($teamId: ID!, $number: Int!) { node(id: $teamId) { ... on Team { experiment(number: $number) { ${EXPERIMENT} } } } }`
const EXPERIMENTS = `query ($teamId: ID!, $first: Int!) { node(id: $teamId) { ... on Team { experiments(first: $first) { totalCount nodes { ${EXPERIMENT} } } } } }`
const RESULTS = `query ($id: ID!) { node(id: $id) { ... on Experiment { results { notes comparisons {
  condition arm control inWords measure { name part unit isPrimary }
  difference { mean low high pairs tP holmP inWords seedsBetter verdict { kind words } } } } } } }`
const ESTIMATE = `query ($teamId: ID!, $datasetVersionId: ID!, $experiment: JSON!) { node(id: $teamId) { ... on Team {
  experimentEstimate(datasetVersionId: $datasetVersionId, experiment: $experiment) { trials runs seconds basis } } } }`
const START = `mutation ($input: StartExperimentInput!) { startExperiment(input: $input) { experiment { ${EXPERIMENT} } warnings errors { code message path } } }`
const CANCEL = `mutation ($input: CancelExperimentInput!) { cancelExperiment(input: $input) { experiment { number progress { status } } errors { code message path } } }`

const MOST_WAIT_SECONDS = 50

// biome-ignore lint/suspicious/noExplicitAny: as the documents above ask for it.
type Read = any

const design = {
  datasetVersionId: Id,
  title: z.string().min(1).max(200).describe('The question it answers'),
  students: z
    .array(z.string().max(60))
    .min(1)
    .max(8)
    .describe('Architectures, the same in every arm: ["resnet-8", "resnet-8"]'),
  methods: z
    .array(z.enum(TEACHING_METHODS))
    .min(2)
    .max(TEACHING_METHODS.length)
    .default(['INDEPENDENT', 'MUTUAL'])
    .describe('Ways to teach; the first is the control of the others'),
  seeds: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .min(1)
    .max(20)
    .default([1, 2, 3])
    .describe('Three show large effects, five more; one proves nothing'),
  preset: z.string().max(40).default('quick'),
  recipe: z.record(z.string(), z.json()).default({}).describe('Values that differ from the preset'),
}
type Design = z.output<z.ZodObject<typeof design>>

const experiment = { experiment: NumberInTeam.describe('The experiment’s number') }

export const experimentTools = {
  plan_experiment: tool({
    title: 'Plan a paired experiment',
    description:
      'Says how many runs and how long a paired experiment would take, and refuses what cannot be paired. It starts nothing.',
    input: design,
    readOnly: true,
    async run({ ask, teamId }, input) {
      const { datasetVersionId } = input
      const { node } = await ask(ESTIMATE, { teamId, datasetVersionId, experiment: fileOf(input) })
      return { estimate: node.experimentEstimate }
    },
  }),
  start_experiment: tool({
    title: 'Start a paired experiment',
    description:
      'Trains the same students in several ways with the same seeds (same initial weights, same batches), and compares them pair by pair. This answers whether mutual learning helps on a dataset. Plan it first. Counts against the key’s budget with all of its runs.',
    input: {
      ...design,
      idempotencyKey: z
        .string()
        .min(1)
        .max(80)
        .describe('The same key gives the same experiment, so that a repeated call starts nothing twice'),
    },
    readOnly: false,
    async run({ ask }, { idempotencyKey, ...input }) {
      const { datasetVersionId } = input
      const { startExperiment } = await ask(START, {
        input: { datasetVersionId, experiment: fileOf(input), idempotencyKey },
      })
      return { experiment: describe(startExperiment.experiment), warnings: startExperiment.warnings }
    },
  }),
  list_experiments: tool({
    title: 'List experiments',
    description: 'The team’s experiments, newest first.',
    input: { first: z.int().min(1).max(50).default(10) },
    readOnly: true,
    async run({ ask, teamId }, { first }) {
      const { totalCount, nodes } = (await ask(EXPERIMENTS, { teamId, first })).node.experiments
      return { total: totalCount, experiments: nodes.map(describe) }
    },
  }),
  watch_experiment: tool({
    title: 'Wait for an experiment',
    description:
      'Waits until all runs of an experiment have ended, at most so many seconds, and tells how far it is. Call it again while `ended` is false.',
    input: { ...experiment, waitSeconds: z.int().min(0).max(MOST_WAIT_SECONDS).default(30) },
    readOnly: true,
    async run(toolbox, { experiment: number, waitSeconds }) {
      const hasEnded = ({ progress }: Read) => ['ENDED', 'CANCELED'].includes(progress.status)
      const seen = await waitUntil(() => readExperiment(toolbox, number), hasEnded, {
        seconds: waitSeconds,
        signal: toolbox.signal,
      })
      return { ended: hasEnded(seen), experiment: describe(seen) }
    },
  }),
  get_verdict: tool({
    title: 'Read an experiment’s verdict',
    description:
      'What an experiment shows so far: for the average student and the ensemble of each arm the paired difference to its control, its interval, p-values and verdict, and what to know before believing them. An effect is told only where the interval excludes 0.',
    input: experiment,
    readOnly: true,
    async run(toolbox, { experiment: number }) {
      const seen = await readExperiment(toolbox, number)
      const { notes, comparisons } = (await toolbox.ask(RESULTS, { id: seen.id })).node.results
      const main = comparisons.filter(({ measure }: Read) => measure.part === 'MAIN')
      return { experiment: describe(seen), comparisons: main.map(describeComparison), notes }
    },
  }),
  cancel_experiment: tool({
    title: 'Cancel an experiment',
    description: 'Ends an experiment; what has finished stays.',
    input: experiment,
    readOnly: false,
    async run(toolbox, { experiment: number }) {
      const { id } = await readExperiment(toolbox, number)
      const { cancelExperiment } = await toolbox.ask(CANCEL, { input: { experimentId: id } })
      return { experiment: cancelExperiment.experiment }
    },
  }),
}

async function readExperiment({ ask, teamId }: Toolbox, number: number): Promise<Read> {
  const { node } = await ask(EXPERIMENT_OF_TEAM, { teamId, number })
  return found(node.experiment, `experiment ${number}`)
}

/** As people write one down. */
function fileOf({ title, students, methods, seeds, preset, recipe }: Design): object {
  return {
    title,
    recipe: { preset, overrides: recipe },
    conditions: [{ name: 'as it is' }],
    arms: methods.map((method) => ({ name: method.toLowerCase(), students, teaching: { method } })),
    seeds,
  }
}

function describe({ datasetVersion, ...experiment }: Read) {
  return { ...experiment, dataset: `${datasetVersion.dataset.name}@${datasetVersion.number}` }
}

function describeComparison({ measure, difference, inWords, ...arms }: Read) {
  const { name, unit, isPrimary } = measure
  return {
    ...arms,
    measure: unit === 'PERCENT' ? `${name}, %` : name,
    isPrimary,
    mean: inWords,
    ...(difference && {
      difference: difference.inWords,
      interval: [rounded(difference.low), rounded(difference.high)],
      pairs: difference.pairs,
      p: rounded(difference.tP),
      pHolm: rounded(difference.holmP),
      seedsBetter: difference.seedsBetter,
      verdict: difference.verdict.kind,
      verdictInWords: difference.verdict.words,
    }),
  }
}
