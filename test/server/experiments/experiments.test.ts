import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { compareArms } from '../../../experiments/compare.ts'
import { ExperimentRecord } from '../../../experiments/record.ts'
import { endDecided } from '../../../runs/experiments/end-decided.ts'
import { evaluationOf } from '../../experiments/records.ts'
import { insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let datasetVersionId: string

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  datasetVersionId = (await insertVersion(server.database, ada)).versionId
})
afterAll(() => server.stop())

const students = ['resnet-8', { name: 'grace', architecture: 'convnet' }]
const TWO_ARMS = {
  title: 'Does teaching each other help?',
  recipe: { preset: 'quick', overrides: { epochs: 2, batchSize: 32 } },
  conditions: [{ name: 'clean' }, { name: 'noisy', overrides: { labelNoise: 0.4 } }],
  arms: [
    { name: 'alone', students, teaching: { method: 'INDEPENDENT' } },
    { name: 'mutual', students, teaching: { method: 'MUTUAL' } },
  ],
  seeds: [1, 2],
}
const one = { ...TWO_ARMS, conditions: [{ name: 'clean' }] }

const FIELDS = `experiment {
  id number title seeds conditions looks canceledAt decidedAt
  progress { status runs succeeded failed canceled running remainingSeconds }
  trials { condition arm seed run { id number status seed experiment { number } threadsPerOperation cohort { id name } } }
}`
const start = (experiment: object = TWO_ARMS, more: object = {}) =>
  ada.api.mutate('startExperiment', { datasetVersionId, experiment, ...more }, `${FIELDS} warnings`)
const read = async (id: string, fields: string) => {
  const query = `query ($id: ID!) { node(id: $id) { ... on Experiment { ${fields} } } }`
  return (await ada.api.ask(query, { id })).node
}

interface Trial {
  condition: string
  arm: string
  seed: number
  run: { id: string; number: number; status: string }
}

/** Ends a trial's run with these accuracies, as a worker would. */
async function finish({ run }: Trial, top1: number[]): Promise<void> {
  const cohort = { students: ['student-1', 'grace'].map((name) => ({ name, architecture: 'resnet-8' })) }
  await moveRun(server.database, run.id, ['STARTING', 'RUNNING'])
  const evaluation = evaluationOf(cohort as never, top1)
  const ended = { finishedAt: new Date(), leaseUntil: null, startedAt: new Date(Date.now() - 10_000) }
  await server.database.run.update({
    where: { id: run.id },
    data: { status: 'SUCCEEDED', evaluation, ...ended },
  })
}

describe('starting an experiment', () => {
  it('queues an ordinary run for each arm, condition and seed, whole pairs first, with the same threads', async () => {
    const { experiment, errors, warnings } = await start()
    expect([errors, warnings]).toEqual([[], [expect.stringContaining('only 18 steps')]])
    expect(experiment).toMatchObject({ number: 1, seeds: [1, 2], conditions: ['clean', 'noisy'] })
    expect(experiment.progress).toMatchObject({
      status: 'WAITING',
      runs: 8,
      running: 0,
      remainingSeconds: null,
    })
    expect(experiment.trials.map(({ seed, condition, arm }: Trial) => `${seed} ${condition} ${arm}`)).toEqual(
      [
        ...['1 clean alone', '1 clean mutual', '1 noisy alone', '1 noisy mutual'],
        ...['2 clean alone', '2 clean mutual', '2 noisy alone', '2 noisy mutual'],
      ],
    )
    const numbers = experiment.trials.map(({ run }: Trial) => run.number)
    expect(numbers).toEqual(numbers.toSorted((a: number, b: number) => a - b))
    for (const { run, seed } of experiment.trials)
      expect(run).toMatchObject({ status: 'QUEUED', seed, experiment: { number: 1 }, threadsPerOperation: 1 })
    const events = await server.database.runEvent.count({ where: { run: { experimentId: experiment.id } } })
    expect(events).toBe(8)
  })

  it('shares one run between arms that are the same training, and cohorts that the team has already', async () => {
    const [alone, mutual] = TWO_ARMS.arms
    const arms = [
      alone,
      mutual,
      // Without teaching, its temperature makes no difference.
      { ...alone, name: 'alone again', teaching: { method: 'INDEPENDENT', temperature: 3 }, control: null },
      { ...mutual, name: 'warm', teaching: { method: 'MUTUAL', temperature: 3 }, control: 'alone again' },
    ]
    const cohorts = await server.database.cohort.count()
    const { experiment } = await start({ ...one, arms })
    expect(experiment.progress.runs).toBe(6)
    expect(experiment.trials).toHaveLength(8)
    const [first, second, third, fourth] = experiment.trials
    expect(third.run.id).toBe(first.run.id)
    expect(new Set([first.run.id, second.run.id, fourth.run.id]).size).toBe(3)
    // Those with another temperature are new.
    expect(await server.database.cohort.count()).toBe(cohorts + 2)
  })

  it('makes none twice of one idempotency key', async () => {
    const idempotencyKey = newId('Experiment')
    const [first, again] = await Promise.all([start(one, { idempotencyKey }), start(one, { idempotencyKey })])
    expect(again.experiment.id).toBe(first.experiment.id)
    expect(await server.database.run.count({ where: { experimentId: first.experiment.id } })).toBe(4)
  })

  it('warns where there is one seed', async () => {
    expect((await start({ ...one, seeds: [3] })).warnings[0]).toContain('only one seed')
  })

  it.each([
    [
      'arms that cannot be paired',
      { ...one, arms: [one.arms[0], { ...one.arms[1], students: ['wrn-10-1', 'wrn-10-1'] }] },
      /mutual cannot be paired with its control alone/,
    ],
    [
      'an arm with a batch of its own',
      { ...one, arms: [one.arms[0], { ...one.arms[1], batchSize: 4 }] },
      /mutual sets its own “batchSize”/,
    ],
    ['an unknown key', { ...one, seed: 3 }, /no experiment: .*seed/],
    [
      'a batch that the images do not fill',
      { ...one, conditions: [{ name: 'greedy', overrides: { batchSize: 301 } }] },
      /301 .* 300 training/,
    ],
    ['a subset', { ...one, subset: { trainPerClass: 5, testPerClass: null, seed: 1 } }, /takes no subset/],
    [
      'more runs than one may have',
      {
        ...one,
        seeds: Array.from({ length: 100 }, (_, i) => i),
        arms: [
          one.arms[0],
          ...[1, 2, 3, 4, 5].map((weight) => ({
            ...one.arms[1],
            name: `weight ${weight}`,
            teaching: { method: 'MUTUAL', weight },
          })),
        ],
      },
      /600 runs; it may have 500/,
    ],
    [
      'looks that leave seeds over',
      { ...one, seeds: [1, 2, 3, 4, 5, 6], stopping: { looks: [3, 5] } },
      /last look .* 5 seeds, but the experiment has 6/,
    ],
    ['what is no object', 'everything', /no experiment/],
  ])('with %s is refused by name, and queues nothing', async (_, experiment, message) => {
    const runs = await server.database.run.count()
    const { experiment: made, errors } = await start(experiment as object)
    expect(made).toBeNull()
    expect(errors[0].message).toMatch(message)
    expect(await server.database.run.count()).toBe(runs)
  })

  it('keeps to the team’s limit of runs that wait, as a whole', async () => {
    const waiting = await server.database.run.count({ where: { teamId: ada.teamId, status: 'QUEUED' } })
    const limit = (maxQueuedRuns: number) =>
      server.database.team.update({ where: { id: ada.teamId }, data: { maxQueuedRuns } })
    await limit(waiting + 3)
    const refused = await start(one)
    expect(refused.errors).toEqual([expect.objectContaining({ code: 'LIMIT_EXCEEDED' })])
    expect(await server.database.run.count({ where: { teamId: ada.teamId, status: 'QUEUED' } })).toBe(waiting)
    await limit(waiting + 4)
    expect((await start(one)).errors).toEqual([])
    await limit(1000)
  })

  it.each(['table-4-small', 'figure-2-small'])(
    'takes the paper’s %s as it ships, but for its subset',
    async (name) => {
      const file = JSON.parse(readFileSync(`experiments/paper/${name}.json`, 'utf8'))
      const { experiment, errors } = await start({ ...file, subset: null })
      expect(errors).toEqual([])
      await ada.api.mutate('cancelExperiment', { experimentId: experiment.id }, 'experiment { id }')
    },
  )
})

describe('the results', () => {
  it('are those of the command’s code on the same evaluations, seed by seed, with failures told and counted', async () => {
    const { experiment } = await start({ ...one, seeds: [1, 2, 3, 4] })
    const gains: Record<string, number> = { alone: 0, mutual: 0.05 }
    for (const trial of experiment.trials.slice(0, -1) as Trial[]) {
      const top1 = 0.5 + gains[trial.arm]! * (1 + trial.seed / 10)
      await finish(trial, [top1, top1])
    }
    const last: Trial = experiment.trials.at(-1)
    await moveRun(server.database, last.run.id, ['FAILED'])
    const { results, progress } = await read(
      experiment.id,
      `progress { status succeeded failed } results { notes record comparisons {
        arm control measure { name part student isPrimary } mean deviation inWords
        difference { mean low high pairs tP holmP signP permutationP seedsBetter seeds { seed value } verdict { kind words } } } }`,
    )
    expect(progress).toEqual({ status: 'ENDED', succeeded: 7, failed: 1 })
    const record = ExperimentRecord.parse(results.record)
    expect(record.trials).toHaveLength(8)
    expect(results.notes.join('\n')).toMatch(/1 of 8 trials failed[\s\S]+mutual, seed 4: It broke/)
    const wanted = compareArms(record).find(
      ({ difference, measure }) => difference && measure.name === 'average student',
    )!
    const shown = results.comparisons.find(
      ({ arm, measure }: { arm: string; measure: { isPrimary: boolean } }) =>
        arm === 'mutual' && measure.isPrimary,
    )
    expect(shown.difference).toMatchObject({
      mean: wanted.difference!.mean,
      ...wanted.difference!.interval,
      tP: wanted.difference!.tP,
      holmP: wanted.difference!.holmP,
      pairs: 3,
      seedsBetter: '3 of 3',
    })
    expect(shown.difference.seeds.map(({ seed }: Trial) => seed)).toEqual([1, 2, 3])
    expect(shown.difference.verdict.kind).toBe('GAIN')
    const names = results.comparisons.map(({ measure }: { measure: { name: string } }) => measure.name)
    expect(names).toEqual(expect.arrayContaining(['disagreement of two students', 'correlation of errors']))
  })

  it('can be had in every format', async () => {
    const { experiment } = await start({ ...one, seeds: [1] })
    for (const trial of experiment.trials as Trial[]) await finish(trial, [0.5, 0.6])
    const { results } = await read(
      experiment.id,
      'results { md: report(format: MARKDOWN) tex: report(format: LATEX) csv: report(format: CSV) }',
    )
    expect(results.md).toContain('# Does teaching each other help?')
    expect(results.tex).toContain('\\begin{tabular}')
    expect(results.csv).toMatch(/^condition,part,/)
  })

  it('have curves of the average student over the seeds', async () => {
    const { experiment } = await start(one)
    const points = experiment.trials.flatMap(({ run, seed }: Trial) =>
      [0, 1].map((student) => ({
        ...{ teamId: ada.teamId, runId: run.id, student, name: 'testTop1', eventSeq: 1 },
        ...{ firstStep: 10, lastStep: 20, steps: [10, 20], values: [0.1 * seed, 0.1 * seed + 0.2 * student] },
      })),
    )
    await server.database.metricChunk.createMany({ data: points })
    const { curves } = await read(
      experiment.id,
      'curves(metric: "testTop1") { condition arm steps means deviations seeds }',
    )
    expect(curves).toHaveLength(2)
    expect(curves[1]).toMatchObject({ condition: 'clean', arm: 'mutual', steps: [10, 20], seeds: [2, 2] })
    expect(curves[1].means[0]).toBeCloseTo(0.15)
    expect(curves[1].means[1]).toBeCloseTo(0.25)
    expect(curves[1].deviations[0]).toBeCloseTo(0.1 / Math.SQRT2)
  })
})

describe('an experiment under way', () => {
  it('tells how long the rest takes, if it takes as long as what has ended', async () => {
    const { experiment } = await start(one)
    await finish(experiment.trials[0], [0.5, 0.5])
    const { progress } = await read(experiment.id, 'progress { status remainingSeconds }')
    expect(progress.status).toBe('RUNNING')
    expect(progress.remainingSeconds).toBeCloseTo(30, 0)
  })

  it('that is canceled keeps what it has, and takes no more seeds', async () => {
    const { experiment } = await start(one)
    const [first, second] = experiment.trials
    await finish(first, [0.5, 0.5])
    await finish(second, [0.6, 0.6])
    const cancel = () => ada.api.mutate('cancelExperiment', { experimentId: experiment.id }, FIELDS)
    const canceled = (await cancel()).experiment
    expect(canceled.progress).toMatchObject({ status: 'CANCELED', succeeded: 2, canceled: 2 })
    expect((await cancel()).experiment).toEqual(canceled)
    const { results } = await read(experiment.id, 'results { notes comparisons { difference { pairs } } }')
    expect(results.notes.join()).toContain('2 of 4 trials were not trained: the experiment was canceled')
    expect(results.comparisons.some(({ difference }: { difference: object }) => difference)).toBe(true)
    const added = await ada.api.mutate(
      'addExperimentSeeds',
      { experimentId: experiment.id, seeds: [9] },
      FIELDS,
    )
    expect(added.errors[0]).toMatchObject({ code: 'CONFLICT' })
  })

  it('takes seeds later, each once', async () => {
    const { experiment } = await start(one)
    const add = (seeds: number[]) =>
      ada.api.mutate('addExperimentSeeds', { experimentId: experiment.id, seeds }, FIELDS)
    const grown = (await add([2, 3])).experiment
    expect([grown.seeds, grown.progress.runs]).toEqual([[1, 2, 3], 6])
    expect(grown.trials.slice(-2).map(({ seed }: Trial) => seed)).toEqual([3, 3])
    expect((await add([2, 3])).experiment.progress.runs).toBe(6)
    expect((await add([-1])).errors[0].path).toEqual(['seeds', '0'])
  })

  it('with a stopping rule ends at the look that decides it, and not before', async () => {
    const seeds = [1, 2, 3, 4, 5]
    const { experiment } = await start({ ...one, seeds, stopping: { looks: [3, 5] } })
    expect(experiment.looks).toEqual([3, 5])
    const trials: Trial[] = experiment.trials
    const finishTo = async (count: number, from = 0) => {
      for (const trial of trials.slice(from, count)) {
        const top1 = trial.arm === 'alone' ? 0.5 : 0.7 + trial.seed / 1e4
        await finish(trial, [top1, top1])
      }
    }
    await finishTo(5)
    expect(await endDecided(server.database)).toEqual([])
    await finishTo(6, 5)
    expect(await endDecided(server.database)).toEqual([experiment.id])
    expect(await endDecided(server.database)).toEqual([])
    const ended = await read(
      experiment.id,
      'decidedAt progress { status succeeded canceled } results { notes }',
    )
    expect(ended).toMatchObject({ progress: { status: 'ENDED', succeeded: 6, canceled: 4 } })
    expect(ended.decidedAt).not.toBeNull()
    expect(ended.results.notes.join()).toContain(
      '4 of 10 trials were not trained: the experiment was decided',
    )
    const add = await ada.api.mutate(
      'addExperimentSeeds',
      { experimentId: experiment.id, seeds: [9] },
      FIELDS,
    )
    expect(add.errors[0].message).toContain('stopping rule')
  })
})

describe('experiments are found', () => {
  it('by number, in pages, and by their title', async () => {
    const { slug } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    const { team } = await ada.api.ask(
      `query ($slug: String!) { team(slug: $slug) {
        experiment(number: 1) { number } missing: experiment(number: 999) { number }
        experiments(first: 2) { totalCount nodes { number } pageInfo { hasNextPage } }
        search(text: "teaching each") { ... on Experiment { title } } } }`,
      { slug },
    )
    expect(team.experiment.number).toBe(1)
    expect(team.missing).toBeNull()
    expect(team.experiments.pageInfo.hasNextPage).toBe(true)
    expect(team.experiments.nodes[0].number).toBe(team.experiments.totalCount)
    expect(team.search[0].title).toBe(TWO_ARMS.title)
  })

  it('and estimated before they start, from runs that have ended, or told that none has', async () => {
    const { slug } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    const estimate = async (experiment: object) => {
      const query = `query ($slug: String!, $v: ID!, $e: JSON!) { team(slug: $slug) {
        experimentEstimate(datasetVersionId: $v, experiment: $e) { trials runs seconds basis } } }`
      return (await ada.api.ask(query, { slug, v: datasetVersionId, e: experiment })).team.experimentEstimate
    }
    const unknown = { ...one, arms: one.arms.map((arm) => ({ ...arm, students: ['wrn-10-1', 'wrn-10-1'] })) }
    expect(await estimate(unknown)).toMatchObject({
      runs: 4,
      seconds: null,
      basis: expect.stringContaining('wrn-10-1'),
    })

    const run = await server.database.run.findFirstOrThrow({ where: { status: 'SUCCEEDED' } })
    // 10 steps of 32 images in 6.4 s: 0.01 s for each image and student.
    await server.database.run.update({ where: { id: run.id }, data: { steps: 10 } })
    const endedAt = new Date()
    const attempt = {
      teamId: ada.teamId,
      runId: run.id,
      number: 1,
      workerName: 'w',
      outcome: 'SUCCEEDED' as const,
    }
    await server.database.runAttempt.create({
      data: { ...attempt, endedAt, startedAt: new Date(endedAt.getTime() - 6400) },
    })
    const told = await estimate(one)
    expect(told).toMatchObject({
      trials: 4,
      runs: 4,
      basis: expect.stringMatching(/one finished run .* one run at a time/),
    })
    expect(told.seconds).toBeCloseTo(4 * 2 * 2 * 300 * 0.01, 0)
  })
})
