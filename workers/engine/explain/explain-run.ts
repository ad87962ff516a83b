import { readFile } from 'node:fs/promises'
import { networkInputOf, type Recipe } from '../../../contract/recipes/recipe.ts'
import type { ExplainOrder, Explanation } from '../../../contract/runs/explanation.ts'
import { normalizedFor } from '../../../contract/starting-weights.ts'
import { evenPart } from '../batches/hold-out.ts'
import { PackedSplit } from '../batches/packed-split.ts'
import { takeTrainingPart } from '../batches/training-part.ts'
import { captureCohort } from '../cohort-program.ts'
import type { Examinees } from '../evaluation/predictions.ts'
import { readExportedWeights } from '../exports/read-weights.ts'
import { buildStudent } from '../students/student-network.ts'
import { DRAWS, explainByNoise, NOISE_RUNS } from './noise-runs.ts'
import { explainPosteriors } from './posteriors.ts'
import { explainWrongLabels } from './wrong-labels.ts'

/** Training images under noise; each is predicted `NOISE_RUNS` times by every network. */
const MOST_TRAINING_PICTURES = 1024
/** Nothing is trained, but the program has a training step, whose batch is to be small. */
const SMALLEST_BATCH = 2

/**
 * Measures the students of a finished CLASSIFICATION run that have a twin, and their twins.
 * @param onProgress  receives a share from 0 to 1
 */
export async function explainRun(
  { training, weightPaths }: ExplainOrder,
  onProgress: (done: number) => void,
): Promise<Explanation> {
  const { cohort, seed, blobPaths, recipe } = training
  const dataset = normalizedFor(training.dataset, cohort.students)
  if (dataset.kind !== 'CLASSIFICATION') throw new Error('only runs that learn classes can be explained')
  const learners = cohort.students.filter(({ name }) => Object.hasOwn(weightPaths, name))
  const names = learners.map(({ name }) => name)
  const classes = dataset.classes.length
  const input = networkInputOf(recipe, dataset)
  const networks = [...learners, ...learners.map((one) => ({ ...one, name: twinNameOf(one.name) }))]
  const students = networks.map((one) => buildStudent(one, input, classes, seed))
  const program = captureCohort({
    ...{ students, dataset, seed, recipe: untrainedBy(recipe) },
    teaching: { ...cohort.teaching, method: 'INDEPENDENT', partnerRule: 'ALL' },
  })
  const train = PackedSplit.open(dataset, 'train', blobPaths)
  const test = PackedSplit.open(dataset, 'test', blobPaths)
  try {
    program.writeTrainedWeights(await readWeights(weightPaths))
    const { learned, trueLabels } = takeTrainingPart(train, dataset, recipe, seed)
    const pictures = evenPart(learned, MOST_TRAINING_PICTURES, seed)
    const truths = Int32Array.from(pictures.places, (place) => trueLabels[place] as number)
    const examinees: Examinees = { program, students, betweenBatches: async () => {} }
    let done = 0
    const measures = [
      ...(await explainByNoise(examinees, names, classes, pictures, () => onProgress(++done / NOISE_RUNS))),
      ...(await explainPosteriors(examinees, names, classes, test)),
      ...(await explainWrongLabels(examinees, names, classes, pictures, truths)),
    ]
    return { trainCount: pictures.count, testCount: test.count, draws: DRAWS, measures }
  } finally {
    program.close()
    train.close()
    test.close()
  }
}

/** No student's name has this sign. */
function twinNameOf(student: string): string {
  return `${student}~alone`
}

function untrainedBy(recipe: Recipe): Recipe {
  return { ...recipe, batchSize: SMALLEST_BATCH, averageDecay: null }
}

async function readWeights(paths: ExplainOrder['weightPaths']): Promise<ReadonlyMap<string, Float32Array>> {
  const files = new Map<string, Buffer>()
  for (const [student, { own, alone }] of Object.entries(paths)) {
    files.set(student, await readFile(own))
    files.set(twinNameOf(student), await readFile(alone))
  }
  return readExportedWeights(files)
}
