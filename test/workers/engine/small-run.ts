import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cohort } from '../../../contract/cohort.ts'
import type { ClassificationDataset } from '../../../contract/packed/manifest.ts'
import type { RecipeOverrides } from '../../../contract/recipes/recipe.ts'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import type { MetricPoint, TrainingEvent, TrainingOrder } from '../../../contract/training.ts'
import { type TrainingOutcome, train } from '../../../workers/engine/train.ts'
import { type StoredDataset, storeSyntheticDataset } from './synthetic-dataset.ts'

interface SmallOrder {
  /** Architectures by student name. */
  students: Record<string, string>
  /** Makes the first student a finished model; its file is added to the order's. */
  teacher?: { path: string; sha256: string }
  teaching?: object
  recipe?: RecipeOverrides
  seed?: number
  stored?: StoredDataset
}

/** An order that takes a second or two: tiny images, batches of 8, two epochs. */
export function smallOrder({
  students,
  teacher,
  teaching = {},
  recipe = {},
  seed = 1,
  stored,
}: SmallOrder): TrainingOrder & { dataset: ClassificationDataset } {
  const entries = Object.entries(students)
  const augmentation = { cropPadding: 2, flip: true }
  const { dataset, blobPaths } = stored ?? storeSyntheticDataset()
  return {
    dataset,
    blobPaths: { ...blobPaths, ...(teacher && { [teacher.sha256]: teacher.path }) },
    cohort: Cohort.parse({
      students: entries.map(([name, architecture], k) => ({
        name,
        architecture,
        ...(teacher && k === 0 && { weightsSha256: teacher.sha256 }),
      })),
      teaching,
    }),
    recipe: resolveRecipe('quick', { epochs: 2, batchSize: 8, learningRate: 0.05, augmentation, ...recipe }),
    seed,
    outputFolder: mkdtempSync(join(tmpdir(), 'studyhall-run-')),
  }
}

export interface FinishedRun {
  outcome: TrainingOutcome
  events: TrainingEvent[]
  points: MetricPoint[]
}

/** Trains to the end; `onEvent` may watch and `shouldStop` may end it. */
export async function trainToTheEnd(
  order: TrainingOrder,
  shouldStop: (events: TrainingEvent[]) => boolean = () => false,
): Promise<FinishedRun> {
  const events: TrainingEvent[] = []
  const outcome = await train(order, {
    onEvent: (event) => void events.push(event),
    shouldStop: () => shouldStop(events),
  })
  return {
    outcome,
    events,
    points: events.flatMap((event) => (event.type === 'metrics' ? event.points : [])),
  }
}

export function eventsOfType<T extends TrainingEvent['type']>(events: TrainingEvent[], type: T) {
  return events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type)
}
