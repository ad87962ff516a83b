import type { Evaluation } from '../../../contract/evaluation.ts'
import { networkInputOf } from '../../../contract/recipe.ts'
import type { TrainingOrder } from '../../../contract/training.ts'
import { datasetSha256 } from '../checkpoints/order-identity.ts'
import { ENGINE_VERSION } from '../version.ts'

/** What a card is about: one student by its index, or the whole cohort. */
export type Subject = { kind: 'student'; index: number } | { kind: 'ensemble' }

/** Everything that the card tells, for programs: whatever the format, it goes along with the model. */
export function modelMetadata(order: TrainingOrder, evaluation: Evaluation, subject: Subject) {
  const { cohort, recipe, seed, dataset } = order
  const all = evaluation.students.map(({ name, architecture, parameters, top1, loss }) => ({
    name,
    architecture,
    parameters,
    top1,
    loss,
  }))
  const described = subject.kind === 'student' ? [all[subject.index]!] : all
  return {
    kind: subject.kind,
    students: described,
    peers: all.filter((student) => !described.includes(student)),
    ensemble: subject.kind === 'ensemble' ? evaluation.ensemble : undefined,
    testCount: evaluation.testCount,
    classes: dataset.classes,
    input: { ...networkInputOf(recipe, dataset), layout: 'NHWC', range: [0, 255] },
    /** The size to which every picture is cut first; the input's is reached from there by bilinear resizing. */
    pictures: { height: dataset.height, width: dataset.width },
    /** Names, in order; the posterior is the last one. */
    outputs: subject.kind === 'student' ? ['posterior'] : ['concatenated_features', 'mean_posterior'],
    normalization: { means: dataset.channelMeans, deviations: dataset.channelDeviations, inside: true },
    dataset: {
      trainingPictures: dataset.splits.train.count,
      manifestSha256: datasetSha256(dataset),
    },
    teaching: cohort.teaching,
    /** Whom the others learned from under DISTILLATION, by name. */
    teacher: cohort.teaching.method === 'DISTILLATION' ? cohort.students[0]?.name : undefined,
    recipe,
    seed,
    engineVersion: ENGINE_VERSION,
  }
}

export type ModelMetadata = ReturnType<typeof modelMetadata>

/** As text by name, for formats that hold nothing else: what is no text is JSON. */
export function stringValues(metadata: ModelMetadata): Record<string, string> {
  const entries = Object.entries(metadata).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
