import { z } from 'zod'
import { isEnded, RUN_STATUSES, type RunStatus } from '../../../contract/runs/run-states.ts'
import { METRIC_NAMES } from '../../../contract/training.ts'
import { found, Id, NumberInTeam, rounded, type Toolbox, tool } from '../tool.ts'
import { waitUntil } from '../wait-until.ts'

const RUN = `id number name status phase preset seed failure { message } waitingReason
  cohort { id name } datasetVersion { id number dataset { name } }
  progress { step steps epoch epochs imagesPerSecond remainingSeconds }
  students { student { name architecture } lastLoss lastTestTop1 bestTestTop1 lastTestMap bestTestMap }
  evaluation { meanPosteriorTop1 concatenatedFeaturesTop1 students { name top1 loss } }
  retrieval { students { name score { meanAveragePrecision } } ensemble { meanAveragePrecision } }
  findings { code student message suggestion }`
const RUN_OF_TEAM = `query ($teamId: ID!, $number: Int!) { node(id: $teamId) { ... on Team { run(number: $number) { ${RUN} } } } }`
const RUNS = `query ($teamId: ID!, $first: Int!, $statuses: [RunStatus!]) { node(id: $teamId) { ... on Team {
  runs(first: $first, statuses: $statuses) { totalCount nodes {
    number name status seed cohort { name } datasetVersion { number dataset { name } } progress { epoch epochs }
    students { student { name } bestTestTop1 bestTestMap } } } } } }`
const METRICS = `query ($teamId: ID!, $number: Int!, $names: [String!], $maxPoints: Int!) { node(id: $teamId) { ... on Team { run(number: $number) {
  number status students { student { name } } metrics(names: $names, maxPoints: $maxPoints) { student name steps values } } } } }`
const START = `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id number status } warnings errors { code message path } } }`
const CANCEL = `mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { number status } errors { code message path } } }`

const MOST_WAIT_SECONDS = 50
const MOST_POINTS = 200

// biome-ignore lint/suspicious/noExplicitAny: as RUN asks for it.
type Read = any

async function readRun({ ask, teamId }: Toolbox, number: number): Promise<Read> {
  return found((await ask(RUN_OF_TEAM, { teamId, number })).node.run, `run ${number}`)
}

const run = { run: NumberInTeam.describe('The run’s number') }

export const runTools = {
  start_run: tool({
    title: 'Start a run',
    description:
      'Queues one training of a cohort on a dataset version. To find out whether something helps, start a paired experiment instead: one run with one seed proves nothing. Counts against the key’s budget.',
    input: {
      cohortId: Id,
      datasetVersionId: Id,
      preset: z.string().max(40).default('quick'),
      recipe: z
        .record(z.string(), z.json())
        .optional()
        .describe('Values that differ from the preset, such as {"epochs": 3}'),
      seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .default(1),
      idempotencyKey: z
        .string()
        .min(1)
        .max(80)
        .describe('The same key gives the same run, so that a repeated call starts nothing twice'),
    },
    readOnly: false,
    async run({ ask }, input) {
      const { startRun } = await ask(START, { input })
      return { run: startRun.run, warnings: startRun.warnings }
    },
  }),
  list_runs: tool({
    title: 'List runs',
    description: 'The team’s runs, newest first, with each student’s best test score so far.',
    input: {
      first: z.int().min(1).max(50).default(10),
      statuses: z.array(z.enum(RUN_STATUSES)).max(RUN_STATUSES.length).optional(),
    },
    readOnly: true,
    async run({ ask, teamId }, { first, statuses }) {
      const { totalCount, nodes } = (await ask(RUNS, { teamId, first, statuses })).node.runs
      const runs = nodes.map(({ cohort, datasetVersion, students, progress, ...one }: Read) => ({
        ...one,
        cohort: cohort.name,
        dataset: `${datasetVersion.dataset.name}@${datasetVersion.number}`,
        epoch: `${progress.epoch}/${progress.epochs}`,
        best: Object.fromEntries(
          students.map((each: Read) => [each.student.name, rounded(each.bestTestTop1 ?? each.bestTestMap)]),
        ),
      }))
      return { total: totalCount, runs }
    },
  }),
  get_run: tool({
    title: 'Look at a run',
    description: 'A run’s state, scores, and what its evaluation found.',
    input: run,
    readOnly: true,
    run: async (toolbox, { run: number }) => ({ run: describeRun(await readRun(toolbox, number)) }),
  }),
  watch_run: tool({
    title: 'Wait for a run',
    description: `Waits until a run has ended, at most so many seconds, and tells its state then. Call it again while \`ended\` is false.`,
    input: { ...run, waitSeconds: z.int().min(0).max(MOST_WAIT_SECONDS).default(30) },
    readOnly: true,
    async run(toolbox, { run: number, waitSeconds }) {
      const ended = ({ status }: { status: RunStatus }) => isEnded(status)
      const seen = await waitUntil(() => readRun(toolbox, number), ended, {
        seconds: waitSeconds,
        signal: toolbox.signal,
      })
      return { ended: ended(seen), run: describeRun(seen) }
    },
  }),
  read_metrics: tool({
    title: 'Read a run’s metric history',
    description:
      'Series of a run by step, thinned so that minima and maxima stay: loss, test accuracy and so on, one series for each student.',
    input: {
      ...run,
      names: z.array(z.enum(METRIC_NAMES)).min(1).max(METRIC_NAMES.length).optional(),
      maxPoints: z.int().min(2).max(MOST_POINTS).default(50),
    },
    readOnly: true,
    async run({ ask, teamId }, { run: number, names, maxPoints }) {
      const { node } = await ask(METRICS, { teamId, number, names, maxPoints })
      const { status, students, metrics } = found<Read>(node.run, `run ${number}`)
      const series = metrics.map(({ student, name, steps, values }: Read) => ({
        name,
        student: student === null ? null : students[student]?.student.name,
        steps,
        values: values.map((value: number) => rounded(value)),
      }))
      return { run: number, status, series }
    },
  }),
  cancel_run: tool({
    title: 'Cancel a run',
    description: 'Ends a run that has not ended; it cannot be taken back, but retried by a person.',
    input: run,
    readOnly: false,
    async run(toolbox, { run: number }) {
      const { id } = await readRun(toolbox, number)
      return { run: (await toolbox.ask(CANCEL, { input: { runId: id } })).cancelRun.run }
    },
  }),
}

function describeRun({ cohort, datasetVersion, students, failure, evaluation, retrieval, ...run }: Read) {
  return {
    ...run,
    ...(failure && { failure: failure.message }),
    cohort: cohort.name,
    dataset: `${datasetVersion.dataset.name}@${datasetVersion.number}`,
    students: students.map(({ student, ...numbers }: Read) => ({
      ...student,
      lastLoss: rounded(numbers.lastLoss),
      lastScore: rounded(numbers.lastTestTop1 ?? numbers.lastTestMap),
      bestScore: rounded(numbers.bestTestTop1 ?? numbers.bestTestMap),
    })),
    ...(evaluation && { evaluation }),
    ...(retrieval && { retrieval }),
  }
}
