import { expect, it } from 'vitest'
import { timelineOf } from '../../../web/features/runs/history/run-timeline.ts'
import { lineageOf } from '../../../web/features/runs/page/run-lineage.ts'
import { atOf, pageRun } from './page-run.ts'

const attempt = { workerName: 'here:1', failure: null, toStep: null }
const lost = {
  ...attempt,
  number: 1,
  startedAt: atOf(5),
  endedAt: atOf(40),
  outcome: 'LOST',
  fromStep: 0,
} as const
const second = { ...attempt, number: 2, startedAt: atOf(60), endedAt: null, outcome: null, fromStep: 1_200 }
const saved = { epoch: 1, byteLength: 10, createdAt: atOf(30), step: 1_200 }

it('what happened to a run is told in order: who asked, who took it, what was saved, how each attempt ended', () => {
  const clonedFrom = { id: 'run_0', number: 7, name: null }
  const history = {
    attempts: [second, lost],
    checkpoints: [{ ...saved, kind: 'BEST', testTop1: 0.871 } as const],
  }
  const told = timelineOf(pageRun({ clonedFrom }), history).map(({ title, note }) => [title, note])
  expect(told).toEqual([
    ['Asked for by Ada', 'With the settings of run 7'],
    ['Taken by here:1', null],
    [
      'Checkpoint after step 1,200, the best on the test images so far',
      'Test accuracy 87.1 %, the mean of the students',
    ],
    ['The worker was lost', null],
    ['Taken by here:1', 'Resumed from the checkpoint of step 1,200'],
  ])
})

it('a run that was canceled before anybody took it says so', () => {
  const canceled = pageRun({ status: 'CANCELED', finishedAt: atOf(9) })
  const titles = timelineOf(canceled, { attempts: [], checkpoints: [] }).map(({ title }) => title)
  expect(titles).toEqual(['Asked for by Ada', 'Canceled'])
})

it('the lineage of a run leads to what it was made of and to what became of it', () => {
  const plain = pageRun()
  const [ada, grace] = plain.cohort.students
  if (!ada || !grace) throw new Error('the run has two students')
  const students = [
    { ...ada, finishedModel: { id: 'mdl_9', run: { id: 'run_9', number: 9 } } },
    { ...grace, start: { name: 'resnet-8.h5', modelId: null, weightsId: 'wts_1', frozenEpochs: 0 } },
  ]
  const file = { fileName: 'a.zip', byteLength: 1, sha256: '' }
  const artifacts = (['TFJS', 'ONNX'] as const).map((format) => ({ ...file, id: format, format }))
  const measured = { parameters: 1, top1: null, loss: null, meanAveragePrecision: null, rank1: null }
  const models = [{ ...measured, id: 'mdl_1', createdAt: atOf(99), student: ada, artifacts }]
  const clonedFrom = { id: 'run_0', number: 7, name: null }
  const run = pageRun({ cohort: { ...plain.cohort, students }, clonedFrom, models })
  const { sources, models: made, exports } = lineageOf(run, '/team')
  expect(sources.map(({ name, href }) => [name, href])).toEqual([
    ['Shapes, version 1', '/team/datasets/ds_1'],
    ['Two small ones', '/team/cohorts/coh_1'],
    ['Run 7', '/team/runs/7'],
    ['Run 9', '/team/models/mdl_9'],
    ['resnet-8.h5', '/team/weights/wts_1'],
  ])
  expect(made.map(({ name, href }) => [name, href])).toEqual([['ada', '/team/models/mdl_1']])
  expect(exports.map(({ name }) => name)).toEqual(['TensorFlow.js, ONNX'])
})

it('a fork’s lineage names the run that it goes on from, and says when that has been deleted', () => {
  const made = (run: { id: string; number: number } | null) =>
    lineageOf(
      pageRun({ fork: { run, step: 600, students: [], left: [], comparison: null } }),
      '/ada',
    ).sources.map(({ role, name, href }) => [role, name, href])
  expect(made({ id: 'run_0', number: 7 })).toContainEqual([
    'Goes on after step 600 of',
    'Run 7',
    '/ada/runs/7',
  ])
  expect(made(null)).toContainEqual(['Goes on after step 600 of', 'A deleted run', null])
})
