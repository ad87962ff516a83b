import { mkdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import type { Job } from 'bullmq'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { executionOn, pairedEnvironment } from '../../cli/experiment/execution.ts'
import { runTrials } from '../../cli/experiment/run-trials.ts'
import { Evaluation } from '../../contract/evaluation.ts'
import { newId } from '../../contract/ids.ts'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import { countLearned } from '../../contract/recipes/held-out.ts'
import { Explanation } from '../../contract/runs/explanation.ts'
import { compareArms } from '../../experiments/compare.ts'
import { ExperimentFile, readDesign } from '../../experiments/design/experiment-file.ts'
import { trialsOf } from '../../experiments/design/trials.ts'
import type { TrialRecord } from '../../experiments/record.ts'
import { queueTrials } from '../../runs/experiments/queue-trials.ts'
import { readRecord } from '../../runs/experiments/read-record.ts'
import { explainAgreement } from '../../workers/explain/agreement.ts'
import { explainRun } from '../../workers/jobs/explain-run.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import { openTrainingScene, type TrainingScene } from './training-scene.ts'

let scene: TrainingScene

beforeAll(async () => {
  scene = await openTrainingScene()
})
afterAll(() => scene?.close())

const students = ['convnet-0.25', 'convnet-0.25']
const FILE = {
  title: 'Alone and together',
  threadsPerOperation: 1,
  recipe: {
    preset: 'quick',
    overrides: {
      ...{ epochs: 1, batchSize: 32, schedule: { kind: 'CONSTANT' } },
      ...{ labelNoise: 0.25, validationShare: 0.25 },
    },
  },
  conditions: [{ name: 'clean' }],
  arms: [
    { name: 'alone', students, teaching: { method: 'INDEPENDENT' } },
    { name: 'mutual', students, teaching: { method: 'MUTUAL' } },
  ],
  seeds: [1, 2],
}

async function inTheService() {
  const { database, team, versionId } = scene
  const { conditions, arms } = readDesign(FILE)
  const plan = { file: ExperimentFile.parse(FILE), conditions, arms, threadsPerOperation: 1 }
  const data = { id: newId('Experiment'), number: 1, title: FILE.title, datasetVersionId: versionId, plan }
  const experiment = await database.$transaction(async (tx) => {
    const row = await tx.experiment.create({
      data: { ...data, teamId: team.teamId, createdById: team.userId },
    })
    await queueTrials(tx, row, FILE.seeds)
    return row
  })
  while (await trainNextRun(scene.context())) {}
  return readRecord(database, experiment)
}

async function byTheCommand(): Promise<TrialRecord[]> {
  const version = await scene.database.datasetVersion.findUniqueOrThrow({ where: { id: scene.versionId } })
  const design = readDesign(FILE)
  const folder = path.join(scene.folder, 'experiment')
  await mkdir(folder)
  await symlink(path.join(scene.folder, 'storage'), path.join(folder, 'packed'))
  const environment = pairedEnvironment(process.env)
  const trials = trialsOf(design)
  const execution = executionOn({ ...design, trials }, environment)
  const dataset = PackedDataset.parse(version.manifest)
  const outcomes: TrialRecord[] = []
  const listener = {
    training() {},
    async finished({ trial, ...result }: Parameters<Parameters<typeof runTrials>[2]['finished']>[0]) {
      outcomes.push({ condition: trial.condition, arm: trial.arm, seed: trial.seed, ...result })
      return true
    },
  }
  const laboratory = { dataset, folder, execution, environment }
  await runTrials({ trials }, laboratory, listener, new AbortController().signal)
  return outcomes
}

it('the service and the command give an experiment the same figures to the bit', {
  timeout: 240_000,
}, async () => {
  const [served, commanded] = await Promise.all([inTheService(), byTheCommand()])
  const outcomes = (trials: readonly TrialRecord[]) =>
    trials.map(({ condition, arm, seed, evaluation }) => ({ condition, arm, seed, evaluation }))
  expect(served.trials).toHaveLength(4)
  expect(outcomes(served.trials)).toEqual(outcomes(commanded))
  expect(compareArms(served)).toEqual(compareArms({ ...served, trials: commanded }))
  const differences = compareArms(served).flatMap(({ difference }) => difference?.values ?? [])
  expect(differences.some((value) => value !== 0)).toBe(true)
})

it('a run with twins is explained, with the entropies and disagreements that were evaluated', {
  timeout: 240_000,
}, async () => {
  const { database, team } = scene
  const trials = await database.experimentTrial.findMany({ where: { seed: 1 }, include: { run: true } })
  const runOf = (arm: string) => trials.find((trial) => trial.arm === arm)!.run
  const runId = runOf('mutual').id
  await database.runExplanation.create({ data: { runId, teamId: team.teamId } })
  await explainRun(scene.context(), { runId }, { attemptsMade: 2, opts: { attempts: 3 } } as Job)
  const { status, result, failure } = await database.runExplanation.findUniqueOrThrow({ where: { runId } })
  expect([status, failure]).toEqual(['READY', null])
  const { measures, testCount, trainCount } = Explanation.parse(result)
  const [own, alone] = ['mutual', 'alone'].map((arm) => Evaluation.parse(runOf(arm).evaluation))
  expect(testCount).toBe(own!.testCount)
  const { manifest } = await database.datasetVersion.findUniqueOrThrow({ where: { id: scene.versionId } })
  expect(trainCount).toBe(countLearned(PackedDataset.parse(manifest), 0.25))
  const entropies = measures.filter(({ name }) => name === 'POSTERIOR_ENTROPY')
  expect(entropies).toHaveLength(2)
  for (const [k, entropy] of entropies.entries()) {
    expect(entropy.own).toBeCloseTo(own!.students[k]!.posteriorEntropy!, 5)
    expect(entropy.alone).toBeCloseTo(alone!.students[k]!.posteriorEntropy!, 5)
    expect(entropy.difference!.mean).toBeCloseTo(entropy.own - entropy.alone, 9)
  }
  const disagreement = measures.find(({ name }) => name === 'DISAGREEMENT')!
  expect(disagreement.own).toBeCloseTo(own!.peers!.disagreement[0]![1]!, 9)
  expect(disagreement.alone).toBeCloseTo(alone!.peers!.disagreement[0]![1]!, 9)
  const wrong = measures.filter(({ name }) => name === 'WRONG_LABEL_MASS')
  expect(wrong).toHaveLength(2)
  // Of all labels a quarter is wrong, and of those that were learned about as many.
  for (const { difference } of wrong)
    expect(Math.abs(difference!.count / trainCount - 0.25)).toBeLessThan(0.1)
  const over = measures.filter(({ name }) => name === 'DISAGREEMENT_AT_STEP')
  expect(over.map(({ own: here, alone: there }) => [here, there])).toEqual([
    [disagreement.own, disagreement.alone],
  ])
  const rises = measures.filter(({ name }) => name.startsWith('LOSS_RISE'))
  expect(rises).toHaveLength(2 * 4)
  for (const { difference } of rises) expect(difference).toMatchObject({ count: 5 })
  expect(rises.every(({ own: here, alone: there }) => Number.isFinite(here) && here !== there)).toBe(true)
})

it('disagreements over the training are not set beside those of a run that has a student more', async () => {
  const { database, team } = scene
  const runOf = async (arm: string) => {
    const trial = await database.experimentTrial.findFirstOrThrow({
      where: { seed: 1, arm },
      include: { run: true },
    })
    return trial.run
  }
  const [mutual, alone] = [await runOf('mutual'), await runOf('alone')]
  expect(await explainAgreement(database, mutual.id)).toHaveLength(1)
  const third = { id: newId('Student'), position: 2, name: 'third', architecture: 'convnet-0.25' }
  await database.student.create({ data: { ...third, teamId: team.teamId, cohortId: alone.cohortId } })
  expect(await explainAgreement(database, mutual.id)).toEqual([])
  await database.student.delete({ where: { id: third.id } })
})

it('an explanation over which workers died too often is given up, by name', async () => {
  const { database, team } = scene
  const { runId } = await database.experimentTrial.findFirstOrThrow({ where: { seed: 2, arm: 'mutual' } })
  const data = { runId, teamId: team.teamId, status: 'RUNNING', attempts: 9 } as const
  await database.runExplanation.create({ data })
  await explainRun(scene.context(), { runId }, { attemptsMade: 0, opts: { attempts: 3 } } as Job)
  expect(await database.runExplanation.findUnique({ where: { runId } })).toMatchObject({
    ...{ status: 'FAILED', attempts: 9, failure: expect.stringContaining('died each time') },
  })
})
