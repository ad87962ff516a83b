import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import type { Prisma } from '../../../prisma/client.ts'
import { readTestAccuracies } from '../../../runs/alarms.ts'
import { findTwins } from '../../../runs/experiments/find-twins.ts'
import { FIELDS, ONE_CONDITION, openExperimentScene, type Trial, TWO_ARMS } from './scene.ts'

const scene = openExperimentScene()

type Plan = { arms: { name: string; cohort: { students: Prisma.InputJsonObject[] } }[] }

describe('starting an experiment', () => {
  it('queues an ordinary run for each arm, condition and seed, whole pairs first, with the same threads', async () => {
    const { experiment, errors, warnings } = await scene.start()
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
    const events = await scene.server.database.runEvent.count({
      where: { run: { experimentId: experiment.id } },
    })
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
    const cohorts = await scene.server.database.cohort.count()
    const { experiment } = await scene.start({ ...ONE_CONDITION, arms })
    expect(experiment.progress.runs).toBe(6)
    expect(experiment.trials).toHaveLength(8)
    const [first, second, third, fourth] = experiment.trials
    expect(third.run.id).toBe(first.run.id)
    expect(new Set([first.run.id, second.run.id, fourth.run.id]).size).toBe(3)
    // Those with another temperature are new.
    expect(await scene.server.database.cohort.count()).toBe(cohorts + 2)
  })

  it('makes none twice of one idempotency key', async () => {
    const idempotencyKey = newId('Experiment')
    const [first, again] = await Promise.all([
      scene.start(ONE_CONDITION, { idempotencyKey }),
      scene.start(ONE_CONDITION, { idempotencyKey }),
    ])
    expect(again.experiment.id).toBe(first.experiment.id)
    expect(await scene.server.database.run.count({ where: { experimentId: first.experiment.id } })).toBe(4)
  })

  it('refuses an idempotency key that has started another one', async () => {
    const idempotencyKey = newId('Experiment')
    const first = await scene.start(ONE_CONDITION, { idempotencyKey })
    await scene.ada.api.mutate(
      'addExperimentSeeds',
      { experimentId: first.experiment.id, seeds: [7] },
      FIELDS,
    )
    expect((await scene.start(ONE_CONDITION, { idempotencyKey })).experiment.id).toBe(first.experiment.id)
    const other = await scene.start({ ...ONE_CONDITION, seeds: [1, 3] }, { idempotencyKey })
    expect(other.errors[0]).toMatchObject({
      ...{ code: 'CONFLICT', path: ['idempotencyKey'] },
      message: expect.stringContaining(`experiment ${first.experiment.number} already`),
    })
  })

  it('warns where there is one seed', async () => {
    expect((await scene.start({ ...ONE_CONDITION, seeds: [3] })).warnings[0]).toContain('only one seed')
  })

  it.each([
    [
      'arms that cannot be paired',
      {
        ...ONE_CONDITION,
        arms: [ONE_CONDITION.arms[0], { ...ONE_CONDITION.arms[1], students: ['wrn-10-1', 'wrn-10-1'] }],
      },
      /mutual cannot be paired with its control alone/,
    ],
    [
      'an arm with a batch of its own',
      { ...ONE_CONDITION, arms: [ONE_CONDITION.arms[0], { ...ONE_CONDITION.arms[1], batchSize: 4 }] },
      /mutual sets its own “batchSize”/,
    ],
    ['an unknown key', { ...ONE_CONDITION, seed: 3 }, /no experiment: .*seed/],
    [
      'a batch that the images do not fill',
      { ...ONE_CONDITION, conditions: [{ name: 'greedy', overrides: { batchSize: 301 } }] },
      /301 .* 300 training/,
    ],
    [
      'a subset',
      { ...ONE_CONDITION, subset: { trainPerClass: 5, testPerClass: null, seed: 1 } },
      /takes no subset/,
    ],
    [
      'more runs than one may have',
      {
        ...ONE_CONDITION,
        seeds: Array.from({ length: 100 }, (_, i) => i),
        arms: [
          ONE_CONDITION.arms[0],
          ...[1, 2, 3, 4, 5].map((weight) => ({
            ...ONE_CONDITION.arms[1],
            name: `weight ${weight}`,
            teaching: { method: 'MUTUAL', weight },
          })),
        ],
      },
      /600 runs for 600 trials; it may have 500 and 2000/,
    ],
    [
      'looks that leave seeds over',
      { ...ONE_CONDITION, seeds: [1, 2, 3, 4, 5, 6], stopping: { looks: [3, 5] } },
      /last look .* 5 seeds, but the experiment has 6/,
    ],
    ['what is no object', 'everything', /no experiment/],
  ])('with %s is refused by name, and queues nothing', async (_, experiment, message) => {
    const runs = await scene.server.database.run.count()
    const { experiment: made, errors } = await scene.start(experiment as object)
    expect(made).toBeNull()
    expect(errors[0].message).toMatch(message)
    expect(await scene.server.database.run.count()).toBe(runs)
  })

  it('keeps to the team’s limit of runs that wait, as a whole', async () => {
    const waiting = await scene.server.database.run.count({
      where: { teamId: scene.ada.teamId, status: 'QUEUED' },
    })
    const limit = (maxQueuedRuns: number) =>
      scene.server.database.team.update({ where: { id: scene.ada.teamId }, data: { maxQueuedRuns } })
    await limit(waiting + 3)
    const refused = await scene.start(ONE_CONDITION)
    expect(refused.errors).toEqual([expect.objectContaining({ code: 'LIMIT_EXCEEDED' })])
    expect(
      await scene.server.database.run.count({ where: { teamId: scene.ada.teamId, status: 'QUEUED' } }),
    ).toBe(waiting)
    await limit(waiting + 4)
    expect((await scene.start(ONE_CONDITION)).errors).toEqual([])
    await limit(1000)
  })

  it.each(['table-4-small', 'figure-2-small'])(
    'takes the paper’s %s as it ships, but for its subset',
    async (name) => {
      const file = JSON.parse(readFileSync(`experiments/paper/${name}.json`, 'utf8'))
      const { experiment, errors } = await scene.start({ ...file, subset: null })
      expect(errors).toEqual([])
      await scene.ada.api.mutate('cancelExperiment', { experimentId: experiment.id }, 'experiment { id }')
    },
  )
})

describe('a student of an experiment', () => {
  it('has a twin, which learns alone with the same seed', async () => {
    const { experiment } = await scene.start({ ...TWO_ARMS, seeds: [1, 2] })
    const runOf = (condition: string, arm: string, seed: number) =>
      (experiment.trials as Trial[]).find(
        (one) => one.condition === condition && one.arm === arm && one.seed === seed,
      )!.run.id
    const { database } = scene.server
    const twins = await findTwins(database, runOf('noisy', 'mutual', 2))
    const runId = runOf('noisy', 'alone', 2)
    expect(twins).toEqual([
      { student: 0, runId, position: 0 },
      { student: 1, runId, position: 1 },
    ])
    expect(await findTwins(database, runId)).toEqual([])
    const { teamId } = await database.run.findUniqueOrThrow({ where: { id: runId } })
    const chunk = { teamId, runId, student: 1, name: 'testTop1', firstStep: 9, lastStep: 18, eventSeq: 1 }
    await database.metricChunk.create({ data: { ...chunk, steps: [9, 18], values: [0.4, 0.5] } })
    expect(await readTestAccuracies(database, twins)).toEqual([
      { runId, position: 1, step: 9, top1: 0.4 },
      { runId, position: 1, step: 18, top1: 0.5 },
    ])
  })

  it('has no twin in one that begins with other weights, or sees images normalised otherwise', async () => {
    const { experiment } = await scene.start({ ...TWO_ARMS, seeds: [1] })
    const { database } = scene.server
    const runId = (experiment.trials as Trial[]).find(({ arm }) => arm === 'mutual')!.run.id
    const { plan } = await database.experiment.findUniqueOrThrow({ where: { id: experiment.id } })
    const source = { name: 'a', sha256: 'a'.repeat(64), form: 'SAFETENSORS', naming: 'ours', licence: null }
    const twinsWith = async (normalization: { means: number[]; deviations: number[] } | null) => {
      const changed: Plan = JSON.parse(JSON.stringify(plan))
      const alone = changed.arms.find(({ name }) => name === 'alone')!.cohort
      const start = { sha256: 'b'.repeat(64), source, normalization, frozenEpochs: 0 }
      alone.students[0] = { ...alone.students[0], start }
      await database.experiment.update({ where: { id: experiment.id }, data: { plan: changed } })
      return (await findTwins(database, runId)).map(({ student }) => student)
    }
    expect(await twinsWith(null)).toEqual([1])
    expect(await twinsWith({ means: [0, 0, 0], deviations: [1, 1, 1] })).toEqual([])
  })

  it('is explained on request beside its twin, once both have succeeded', async () => {
    const { experiment } = await scene.start({ ...ONE_CONDITION, seeds: [1] })
    const [alone, mutual] = ['alone', 'mutual'].map(
      (arm) => (experiment.trials as Trial[]).find((one) => one.arm === arm)!,
    ) as [Trial, Trial]
    const explain = (trial: Trial) =>
      scene.ada.api.mutate(
        'explainRun',
        { runId: trial.run.id },
        'run { explanation { status progress measures { words } } }',
      )
    expect((await explain(mutual)).errors[0].message).toContain('has succeeded')
    await scene.finish(mutual, [0.5, 0.6])
    expect((await explain(mutual)).errors[0].message).toContain('twins has not succeeded')
    await scene.finish(alone, [0.5, 0.6])
    expect((await explain(alone)).errors[0].message).toContain('learned alone')
    const waiting = { status: 'QUEUED', progress: 0, measures: [] }
    for (const _ of [1, 2]) expect((await explain(mutual)).run.explanation).toEqual(waiting)
    const { database } = scene.server
    const where = { runId: mutual.run.id }
    await database.runExplanation.update({ where, data: { status: 'FAILED', failure: 'It broke.' } })
    expect((await explain(mutual)).run.explanation).toEqual(waiting)
    const failed = { status: 'FAILED', failure: 'It broke.', attempts: 9 } as const
    await database.runExplanation.update({ where, data: failed })
    expect((await explain(mutual)).errors).toMatchObject([
      { code: 'NOT_READY', message: expect.stringContaining('tried 9 times, and is not tried again') },
    ])
    const difference = { mean: 0.2, deviation: 0.5, count: 100 }
    const of = { name: 'POSTERIOR_ENTROPY', student: 'grace', level: null, own: 0.9, alone: 0.7 }
    const result = { trainCount: 9, testCount: 100, draws: 5, measures: [{ ...of, difference }] }
    await database.runExplanation.update({ where, data: { status: 'READY', failure: null, result } })
    expect((await explain(mutual)).run.explanation.measures).toEqual([
      { words: 'less confident: +0.200 (between +0.101 and +0.299)' },
    ])
  })
})
