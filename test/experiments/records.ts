import { Cohort } from '../../contract/cohort.ts'
import type { Evaluation } from '../../contract/evaluation.ts'
import { resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import type { ExperimentRecord, TrialRecord } from '../../experiments/record.ts'

export function cohortOf(architectures: string[], method: string): Cohort {
  const students = architectures.map((architecture, i) => ({ name: `student-${i + 1}`, architecture }))
  return Cohort.parse({ students, teaching: { method } })
}

/** An evaluation in which the students have these accuracies, and the ensemble one more point than the best. */
export function evaluationOf({ students }: Cohort, top1: number[]): Evaluation {
  const best = Math.max(...top1)
  return {
    testCount: 100,
    students: students.map(({ name, architecture }, i) => ({
      name,
      architecture,
      parameters: 1000,
      top1: top1[i]!,
      loss: 2 - top1[i]!,
      calibrationError: 0.1,
      posteriorEntropy: 0.5,
    })),
    ensemble: { meanPosteriorTop1: best + 0.01, concatenatedFeaturesTop1: best },
    peers: {
      divergence: students.map(() => students.map(() => 0)),
      disagreement: students.map((_, j) => students.map((_, k) => (j === k ? 0 : 0.2))),
      errorCorrelation: students.map((_, j) => students.map((_, k) => (j === k ? 1 : 0.4))),
    },
  }
}

interface Design {
  /** Arms by name: architectures, method and, seed by seed, the students' accuracies; null where the trial failed. */
  arms: Record<string, { students: string[]; method: string; top1: (number[] | null)[]; control?: string }>
}

export function recordOf({ arms }: Design): ExperimentRecord {
  const names = Object.keys(arms)
  const seeds = Object.values(arms)[0]!.top1.map((_, i) => i + 1)
  const trials = Object.entries(arms).flatMap(([arm, { students, method, top1 }]) =>
    top1.map((scores, i): TrialRecord => {
      const trial = { condition: 'clean', arm, seed: i + 1, seconds: 1 }
      if (!scores) return { ...trial, failure: 'The loss became NaN at step 3. (NOT_FINITE)' }
      return { ...trial, evaluation: evaluationOf(cohortOf(students, method), scores) }
    }),
  )
  return {
    format: 'studyhall-experiment-1',
    title: 'Alone and together',
    conditions: [{ name: 'clean', recipe: resolveRecipe('quick', {}) }],
    arms: Object.entries(arms).map(([name, { students, method, control }], i) => ({
      name,
      cohort: cohortOf(students, method),
      control: control ?? (i === 0 ? null : names[0]!),
    })),
    seeds,
    execution: {
      engineVersion: '2',
      threadsPerOperation: 1,
      processor: 'A processor',
      cores: 2,
      settings: {},
    },
    images: { train: 50, test: 100, testThere: 400 },
    trials,
  }
}
