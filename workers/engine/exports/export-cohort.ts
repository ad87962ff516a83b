import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvaluation } from '../../../contract/evaluation.ts'
import { type ExportStep, FORMATS_OF_IMAGES } from '../../../contract/exports.ts'
import { networkInputOf } from '../../../contract/recipes/recipe.ts'
import { normalizedFor } from '../../../contract/starting-weights.ts'
import { DEFAULT_EXPORT_FORMATS, type TrainingEvent, type TrainingOrder } from '../../../contract/training.ts'
import type { RemoteShards } from '../batches/packed-split.ts'
import type { LayersModel } from '../tensorflow.ts'
import { EXAMPLE_FILE, writeExample } from './example.ts'
import { openExportImages } from './export-images.ts'
import { buildEnsembleModel, buildStudentModel, featureWidths, type State } from './exported-model.ts'
import { type ExportedFile, type ExportFormat, jsonFile } from './formats/format.ts'
import { FORMATS } from './formats/index.ts'
import { preprocessorConfig } from './image-preparation.ts'
import { modelCard } from './model-card.ts'
import { type ModelMetadata, modelMetadata, type Subject } from './model-metadata.ts'
import { PYTHON_FILE, writePythonExample } from './python-example.ts'
import { zipFiles } from './zip-files.ts'

type Artifact = Omit<Extract<TrainingEvent, { type: 'artifact' }>, 'type'>

/**
 * Exports every student, and the ensemble of two or more, into the order's output folder in every format that it asks
 * for: a folder each, and beside it the same files as a zip, which is the artifact.
 * @param remote  source of images in shards for which the order has no file
 */
export async function* exportCohort(
  order: TrainingOrder,
  state: State,
  evaluation: RunEvaluation,
  remote?: RemoteShards,
): AsyncGenerator<Artifact> {
  const { students } = order.cohort
  const subjects: Subject[] = [...students.keys()].map((index) => ({ kind: 'student', index }))
  if (students.length > 1) subjects.push({ kind: 'ensemble' })
  for (const subject of subjects) yield* exportSubject(order, state, evaluation, subject, { remote })
}

interface ExportCallbacks {
  /** Told before the work of each step. */
  onStep?: (step: ExportStep) => void
  remote?: RemoteShards | undefined
}

/**
 * Exports one student, or the ensemble.
 * @param state  needs to hold the values of those that are in it only
 */
export async function* exportSubject(
  order: TrainingOrder,
  state: State,
  evaluation: RunEvaluation,
  subject: Subject,
  { onStep = () => {}, remote }: ExportCallbacks = {},
): AsyncGenerator<Artifact> {
  const { students } = order.cohort
  const { height, width } = networkInputOf(order.recipe, order.dataset)
  const dataset = { ...normalizedFor(order.dataset, students), height, width }
  if (subject.kind === 'ensemble') {
    const model = buildEnsembleModel(students, dataset, state)
    yield* exportModel({ order, model, evaluation, subject, name: 'ensemble', onStep, remote })
    return
  }
  const student = students[subject.index]
  if (!student) throw new RangeError(`the cohort has no student ${subject.index}`)
  const name = `${student.name}-${student.architecture}`
  const model = buildStudentModel(student, dataset, state)
  yield* exportModel({ order, model, evaluation, subject, name, onStep, remote })
}

interface Work {
  order: TrainingOrder
  model: LayersModel
  evaluation: RunEvaluation
  subject: Subject
  name: string
  onStep: (step: ExportStep) => void
  remote: RemoteShards | undefined
}

/** Exports one model, and gives its memory back. */
async function* exportModel(work: Work): AsyncGenerator<Artifact> {
  const { order, model, evaluation, subject, name, onStep, remote } = work
  const { outputFolder, formats = DEFAULT_EXPORT_FORMATS } = order
  const metadata = modelMetadata(order, evaluation, subject)
  const widths = featureWidths(model)
  try {
    for (const formatName of formats) {
      onStep('CONVERTING')
      const format: ExportFormat = FORMATS[formatName]
      const images = FORMATS_OF_IMAGES.includes(formatName) ? openExportImages(order, remote) : undefined
      const written = await format.write(model, metadata, images).finally(() => images?.close())
      const told = written.metadata ?? metadata
      const files = [
        ...written.files,
        { name: 'README.md', content: Buffer.from(modelCard(told, format)) },
        ...programs(format, told, widths),
        jsonFile('preprocessor_config.json', preprocessorConfig(told)),
      ]
      onStep('PACKING')
      const folderName = `${name}-${format.suffix}`
      const folder = join(outputFolder, folderName)
      await mkdir(folder, { recursive: true })
      for (const file of files) await writeFile(join(folder, file.name), file.content)
      const fileName = `${folderName}.zip`
      const path = join(outputFolder, fileName)
      await zipFiles(files, path)
      const student = subject.kind === 'student' ? subject.index : null
      yield { format: formatName, student, path, fileName }
    }
  } finally {
    model.dispose()
  }
}

/** The programs beside a model. */
function programs(format: ExportFormat, metadata: ModelMetadata, widths: readonly number[]): ExportedFile[] {
  const { example, python } = format
  const ranking = metadata.task === 'RETRIEVAL' ? format.ranking : undefined
  const texts = {
    ...(example && { [EXAMPLE_FILE]: writeExample(example, metadata, widths) }),
    ...(python && { [PYTHON_FILE]: writePythonExample(metadata, widths, python) }),
    ...(ranking && { [ranking.file]: ranking.write(metadata) }),
  }
  return Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text) }))
}
