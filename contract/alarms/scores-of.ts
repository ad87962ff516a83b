import type { MetricPoint } from '../training.ts'
import type { Scores } from './scene.ts'

/** Accuracies of the students' twins after a step, by the student's position. */
export type TwinAccuracies = (step: number) => ReadonlyMap<number, number>

/** The evaluations among a run's points, in order. */
export function scoresOf(points: readonly MetricPoint[], twins: TwinAccuracies): Scores[] {
  const tested = points.filter(({ name }) => name.startsWith('test'))
  const steps = [...new Set(tested.map(({ step }) => step))].sort((one, other) => one - other)
  return steps.map((step) => {
    const own = tested.filter((point) => point.step === step)
    return {
      step,
      top1: byStudent(own, 'testTop1'),
      divergence: byStudent(own, 'testDivergence'),
      ensembleTop1: own.find(({ name }) => name === 'testEnsembleTop1')?.value,
      disagreement: own.find(({ name }) => name === 'testDisagreement')?.value,
      twins: twins(step),
    }
  })
}

function byStudent(points: readonly MetricPoint[], wanted: MetricPoint['name']): Map<number, number> {
  return new Map(
    points.flatMap(({ name, student, value }): [number, number][] =>
      name === wanted && student !== null ? [[student, value]] : [],
    ),
  )
}
