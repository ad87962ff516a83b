import type { Teaching } from '../../contract/cohort.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../contract/recipes/recipe.ts'
import type { NamedVariable } from './capture/recorder.ts'
import { createStudentOptimizer, type StudentOptimizer } from './optimizers/student-optimizer.ts'
import { createWeightAverage } from './optimizers/weight-average.ts'
import { buildStudent, type StudentNetwork } from './students/student-network.ts'
import type { Tensor } from './tensorflow.ts'

/**
 * A student with its training state: the optimizer's and, if the recipe has one, the moving average of its
 * weights.
 */
export interface LearningStudent {
  student: StudentNetwork
  /**
   * The network to evaluate, export, or use as a frozen teacher: the average if there is one, else the
   * student.
   */
  trained: StudentNetwork
  /** As whom it teaches its peers: itself, or where they learn from averages, its own. */
  asPeer: StudentNetwork
  /** All variables that persist across steps; their names start with the student's. */
  variables: NamedVariable[]
  update: StudentOptimizer['update']
  /** Updates the average; does nothing if there is none. */
  follow(share: Tensor | undefined): void
  /** The same of the average that its peers learn from. */
  followAsPeer(share: Tensor | undefined): void
  dispose(): void
}

interface StudentOptions {
  teaching: Pick<Teaching, 'peerAverageDecay'>
  recipe: Recipe
  dataset: PackedDataset
  seed: number
}

export function createLearningStudent(
  student: StudentNetwork,
  { teaching, recipe, dataset, seed }: StudentOptions,
): LearningStudent {
  const optimizer = createStudentOptimizer(student, recipe)
  const build = () => buildStudent(student, networkInputOf(recipe, dataset), dataset.classes.length, seed)
  const average = recipe.averageDecay === null ? undefined : createWeightAverage(student, build())
  const peer =
    teaching.peerAverageDecay === null ? undefined : createWeightAverage(student, build(), 'peer_average')
  const own = student.weights.map(({ name, variable }) => ({ name: `${student.name}/${name}`, variable }))
  return {
    student,
    trained: average?.network ?? student,
    asPeer: peer?.network ?? student,
    variables: [...own, ...optimizer.variables, ...(average?.variables ?? []), ...(peer?.variables ?? [])],
    update: optimizer.update,
    follow: (share) => {
      if (share) average?.follow(share)
    },
    followAsPeer: (share) => {
      if (share) peer?.follow(share)
    },
    dispose: () => {
      optimizer.dispose()
      student.model.dispose()
      average?.network.model.dispose()
      peer?.network.model.dispose()
    },
  }
}
