import { countStages } from '../../../contract/cohort.ts'
import type { DeviceKind } from '../../../contract/devices.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import type { TeachingMethod } from '../../../prisma/client.ts'
import type { Speeds } from './read-speeds.ts'

export interface Course {
  architectures: readonly string[]
  method: TeachingMethod
  isTeacherFinished: boolean
  recipe: Pick<Recipe, 'epochs'>
  /** In the training split. */
  images: number
}

export type TrainingEstimate =
  | { seconds: number; runs: number }
  /** The first architecture that no finished run says anything about. */
  | { seconds: null; unknown: string }

/** How long a run takes, from what its students took in others. */
export function estimateTraining(
  speeds: Speeds,
  device: DeviceKind | null,
  { architectures, method, isTeacherFinished, recipe, images }: Course,
): TrainingEstimate {
  const passes = recipe.epochs * images * countStages({ method }, isTeacherFinished)
  let seconds = 0
  let runs = 0
  for (const architecture of architectures) {
    const speed = speeds.of(architecture, device)
    if (speed?.runSecondsAnImage == null) return { seconds: null, unknown: architecture }
    seconds += passes * speed.runSecondsAnImage
    runs = Math.max(runs, speed.runs)
  }
  return { seconds, runs }
}
