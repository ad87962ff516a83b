import { networkInputOf } from '../../../../contract/recipes/recipe.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { buildStudent, type StudentNetwork } from '../../../../workers/engine/students/student-network.ts'

/** The students of an order with their initial weights. */
export function buildNetworks({ cohort, recipe, dataset, seed }: TrainingOrder): StudentNetwork[] {
  return cohort.students.map((student) =>
    buildStudent(student, networkInputOf(recipe, dataset), dataset.classes.length, seed),
  )
}
