import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../contract/recipe.ts'
import type { NamedVariable } from './capture/recorder.ts'
import { createStudentOptimizer, type StudentOptimizer } from './optimizers/student-optimizer.ts'
import { createWeightAverage } from './optimizers/weight-average.ts'
import { buildStudent, type StudentNetwork } from './students/student-network.ts'
import type { Tensor } from './tensorflow.ts'

/** A student with all that its learning keeps: its optimizer's state and, where the recipe has one, its average. */
export interface LearningStudent {
  student: StudentNetwork
  /** What is evaluated and exported, and what a frozen teacher is: the average, or the student itself. */
  trained: StudentNetwork
  /** Everything that outlives a step, under names that begin with the student's. */
  variables: NamedVariable[]
  update: StudentOptimizer['update']
  /** Lets the average follow; nothing where there is none. */
  follow(share: Tensor | undefined): void
  dispose(): void
}

interface Surroundings {
  recipe: Recipe
  dataset: PackedDataset
  seed: number
}

export function createLearningStudent(
  student: StudentNetwork,
  { recipe, dataset, seed }: Surroundings,
): LearningStudent {
  const optimizer = createStudentOptimizer(student, recipe)
  const build = () => buildStudent(student, networkInputOf(recipe, dataset), dataset.classes.length, seed)
  const average = recipe.averageDecay === null ? undefined : createWeightAverage(student, build())
  const own = student.weights.map(({ name, variable }) => ({ name: `${student.name}/${name}`, variable }))
  return {
    student,
    trained: average?.network ?? student,
    variables: [...own, ...optimizer.variables, ...(average?.variables ?? [])],
    update: optimizer.update,
    follow: (share) => {
      if (share) average?.follow(share)
    },
    dispose: () => {
      optimizer.dispose()
      student.model.dispose()
      average?.network.model.dispose()
    },
  }
}
