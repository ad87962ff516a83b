import { expect, it } from 'vitest'
import { toVerdict } from '../../../server/graphql/types/evaluation.ts'
import { EVALUATION } from '../rows.ts'

it('tells what the ensembles gain also of a run from before the rest was measured, and nothing that was not', () => {
  const { meanPosteriorGain, concatenatedFeaturesGain, peerDivergence, students } =
    toVerdict(EVALUATION).evaluation!
  expect(meanPosteriorGain.overBest).toBeCloseTo(0.05, 12)
  expect(concatenatedFeaturesGain.overAverage).toBeCloseTo(0.025, 12)
  expect(peerDivergence).toBeUndefined()
  expect(students[0]).toMatchObject({ name: 'ada', top1: 0.9, confusion: undefined })
})

it('hands on what was measured, the confusion matrix cell by cell', () => {
  const measured = {
    ...EVALUATION,
    students: EVALUATION.students.map((student) => ({
      ...student,
      top5: 1,
      calibrationError: 0.1,
      posteriorEntropy: 0.2,
      classes: [{ count: 40, precision: 1, recall: 0.9, f1: null }],
      confusion: [[0, 1, 4]],
    })),
    ensemble: { ...EVALUATION.ensemble, meanPosteriorTop5: 1, meanPosteriorLoss: 0.25 },
    peers: { divergence: [[0, 0.5]], disagreement: [[0, 0.1]] },
  }
  const { students, ...evaluation } = toVerdict(measured).evaluation!
  expect(evaluation).toMatchObject({
    meanPosteriorTop5: 1,
    meanPosteriorLoss: 0.25,
    peerDivergence: [[0, 0.5]],
    peerDisagreement: [[0, 0.1]],
  })
  expect(students[1]).toMatchObject({
    calibrationError: 0.1,
    classes: [{ recall: 0.9, f1: null }],
    confusion: [{ class: 0, takenFor: 1, count: 4 }],
  })
})
