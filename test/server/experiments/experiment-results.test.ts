import { describe, expect, it } from 'vitest'
import { compareArms } from '../../../experiments/compare.ts'
import { ExperimentRecord } from '../../../experiments/record.ts'
import { endDecided } from '../../../runs/experiments/end-decided.ts'
import { insertVersion, moveRun } from '../rows.ts'
import { FIELDS, ONE_CONDITION, openExperimentScene, type Trial, TWO_ARMS } from './scene.ts'

const scene = openExperimentScene()

describe('the results', () => {
  it('are those of the command’s code on the same evaluations, seed by seed, with failures told and counted', async () => {
    const { experiment } = await scene.start({ ...ONE_CONDITION, seeds: [1, 2, 3, 4] })
    const gains: Record<string, number> = { alone: 0, mutual: 0.05 }
    for (const trial of experiment.trials.slice(0, -1) as Trial[]) {
      const top1 = 0.5 + gains[trial.arm]! * (1 + trial.seed / 10)
      await scene.finish(trial, [top1, top1])
    }
    const last: Trial = experiment.trials.at(-1)
    await moveRun(scene.server.database, last.run.id, ['FAILED'])
    const { results, progress } = await scene.read(
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
    const { experiment } = await scene.start({ ...ONE_CONDITION, seeds: [1] })
    for (const trial of experiment.trials as Trial[]) await scene.finish(trial, [0.5, 0.6])
    const { results } = await scene.read(
      experiment.id,
      'results { md: report(format: MARKDOWN) tex: report(format: LATEX) csv: report(format: CSV) }',
    )
    expect(results.md).toContain('# Does teaching each other help?')
    expect(results.tex).toContain('\\begin{tabular}')
    expect(results.csv).toMatch(/^condition,part,/)
  })

  it('have curves of the average student over the seeds', async () => {
    const { experiment } = await scene.start(ONE_CONDITION)
    const points = experiment.trials.flatMap(({ run, seed }: Trial) =>
      [0, 1].map((student) => ({
        ...{ teamId: scene.ada.teamId, runId: run.id, student, name: 'testTop1', eventSeq: 1 },
        ...{ firstStep: 10, lastStep: 20, steps: [10, 20], values: [0.1 * seed, 0.1 * seed + 0.2 * student] },
      })),
    )
    await scene.server.database.metricChunk.createMany({ data: points })
    const { curves } = await scene.read(
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
    const { experiment } = await scene.start(ONE_CONDITION)
    await scene.finish(experiment.trials[0], [0.5, 0.5])
    const { progress } = await scene.read(experiment.id, 'progress { status remainingSeconds }')
    expect(progress.status).toBe('RUNNING')
    expect(progress.remainingSeconds).toBeCloseTo(30, 0)
  })

  it('that is canceled keeps what it has, and takes no more seeds', async () => {
    const { experiment } = await scene.start(ONE_CONDITION)
    const [first, second] = experiment.trials
    await scene.finish(first, [0.5, 0.5])
    await scene.finish(second, [0.6, 0.6])
    const cancel = () => scene.ada.api.mutate('cancelExperiment', { experimentId: experiment.id }, FIELDS)
    const canceled = (await cancel()).experiment
    expect(canceled.progress).toMatchObject({ status: 'CANCELED', succeeded: 2, canceled: 2 })
    expect((await cancel()).experiment).toEqual(canceled)
    const { results } = await scene.read(
      experiment.id,
      'results { notes comparisons { difference { pairs } } }',
    )
    expect(results.notes.join()).toContain('2 of 4 trials were not trained: the experiment was canceled')
    expect(results.comparisons.some(({ difference }: { difference: object }) => difference)).toBe(true)
    const added = await scene.ada.api.mutate(
      'addExperimentSeeds',
      { experimentId: experiment.id, seeds: [9] },
      FIELDS,
    )
    expect(added.errors[0]).toMatchObject({ code: 'CONFLICT' })
    const { id: runId } = canceled.trials[2].run
    const again = await scene.ada.api.mutate('retryRun', { runId, from: 'SCRATCH' }, 'run { status }')
    expect(again.errors[0]).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('which has ended'),
    })
  })

  it('is canceled while its runs are claimed, again and again, without a deadlock', async () => {
    for (let round = 0; round < 5; round++) {
      const { experiment } = await scene.start(ONE_CONDITION)
      const { database } = scene.server
      const change = (id: string) =>
        database.$transaction(async (tx) => {
          await tx.$queryRaw`SELECT id FROM "Run" WHERE id = ${id} FOR UPDATE`
          await tx.$queryRaw`UPDATE "Team" SET name = name WHERE id = ${scene.ada.teamId}`
        })
      const [canceled] = await Promise.all([
        scene.ada.api.mutate('cancelExperiment', { experimentId: experiment.id }, FIELDS),
        ...experiment.trials.map(({ run }: Trial) => change(run.id)),
      ])
      expect(canceled.experiment.progress).toMatchObject({ status: 'CANCELED', canceled: 4 })
    }
  })

  it('takes seeds later, each once', async () => {
    const { experiment } = await scene.start(ONE_CONDITION)
    const add = (seeds: number[]) =>
      scene.ada.api.mutate('addExperimentSeeds', { experimentId: experiment.id, seeds }, FIELDS)
    const grown = (await add([2, 3])).experiment
    expect([grown.seeds, grown.progress.runs]).toEqual([[1, 2, 3], 6])
    expect(grown.trials.slice(-2).map(({ seed }: Trial) => seed)).toEqual([3, 3])
    expect((await add([2, 3])).experiment.progress.runs).toBe(6)
    expect((await add([-1])).errors[0].path).toEqual(['seeds', '0'])
  })

  it('with a stopping rule ends at the look that decides it, and not before', async () => {
    const seeds = [1, 2, 3, 4, 5]
    const { experiment } = await scene.start({ ...ONE_CONDITION, seeds, stopping: { looks: [3, 5] } })
    expect(experiment.looks).toEqual([3, 5])
    const trials: Trial[] = experiment.trials
    const finishTo = async (count: number, from = 0) => {
      for (const trial of trials.slice(from, count)) {
        const top1 = trial.arm === 'alone' ? 0.5 : 0.7 + trial.seed / 100
        await scene.finish(trial, [top1, top1])
      }
    }
    await finishTo(5)
    expect(await endDecided(scene.server.database)).toEqual([])
    await finishTo(6, 5)
    // The server looks for decided ones by itself, too.
    expect([[experiment.id], []]).toContainEqual(await endDecided(scene.server.database))
    expect(await endDecided(scene.server.database)).toEqual([])
    const ended = await scene.read(
      experiment.id,
      'decidedAt progress { status succeeded canceled } results { notes }',
    )
    expect(ended).toMatchObject({ progress: { status: 'ENDED', succeeded: 6, canceled: 4 } })
    expect(ended.decidedAt).not.toBeNull()
    expect(ended.results.notes.join()).toContain(
      '4 of 10 trials were not trained: the experiment was decided',
    )
    const refusal = async () => {
      const input = { experimentId: experiment.id, seeds: [9] }
      return (await scene.ada.api.mutate('addExperimentSeeds', input, FIELDS)).errors[0].message
    }
    // While the server ends others it says so instead.
    await expect.poll(refusal).toContain('stopping rule')
  })
})

describe('experiments are found', () => {
  it('by number, in pages, and by their title', async () => {
    const { slug } = await scene.server.database.team.findUniqueOrThrow({ where: { id: scene.ada.teamId } })
    const { team } = await scene.ada.api.ask(
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
    const { slug } = await scene.server.database.team.findUniqueOrThrow({ where: { id: scene.ada.teamId } })
    const estimate = async (experiment: object) => {
      const query = `query ($slug: String!, $v: ID!, $e: JSON!) { team(slug: $slug) {
        experimentEstimate(datasetVersionId: $v, experiment: $e) { trials runs seconds basis } } }`
      return (await scene.ada.api.ask(query, { slug, v: scene.datasetVersionId, e: experiment })).team
        .experimentEstimate
    }
    const unknown = {
      ...ONE_CONDITION,
      arms: ONE_CONDITION.arms.map((arm) => ({ ...arm, students: ['wrn-10-1', 'wrn-10-1'] })),
    }
    const { versionId: v } = await insertVersion(scene.server.database, scene.ada, 'FAILED')
    const ofFailed = `query ($slug: String!, $v: ID!, $e: JSON!) { team(slug: $slug) {
      experimentEstimate(datasetVersionId: $v, experiment: $e) { runs } } }`
    const { errors } = await scene.ada.api.send(ofFailed, { slug, v, e: ONE_CONDITION })
    expect(errors?.[0]?.extensions?.code).toBe('NOT_READY')

    expect(await estimate(unknown)).toMatchObject({
      runs: 4,
      seconds: null,
      basis: expect.stringContaining('wrn-10-1'),
    })

    const run = await scene.server.database.run.findFirstOrThrow({ where: { status: 'SUCCEEDED' } })
    // 10 steps of 32 images in 6.4 s: 0.01 s for each image and student.
    await scene.server.database.run.update({ where: { id: run.id }, data: { steps: 10 } })
    const endedAt = new Date()
    const attempt = {
      teamId: scene.ada.teamId,
      runId: run.id,
      number: 1,
      workerName: 'w',
      outcome: 'SUCCEEDED' as const,
    }
    await scene.server.database.runAttempt.create({
      data: { ...attempt, endedAt, startedAt: new Date(endedAt.getTime() - 6400) },
    })
    const told = await estimate(ONE_CONDITION)
    expect(told).toMatchObject({
      trials: 4,
      runs: 4,
      basis: expect.stringMatching(/one finished run .* one run at a time/),
    })
    expect(told.seconds).toBeCloseTo(4 * 2 * 2 * 300 * 0.01, 0)
  })
})
