import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evaluation } from '../../../contract/evaluation.ts'
import type { TrainingEvent, TrainingOrder } from '../../../contract/training.ts'
import type { LayersModel } from '../tensorflow.ts'
import { buildEnsembleModel, buildStudentModel, type State } from './exported-model.ts'
import { layersModelFiles } from './layers-model-files.ts'
import { modelCard, modelMetadata, type Subject } from './model-card.ts'
import { usageExample } from './usage-example.ts'
import { zipFiles } from './zip-files.ts'

type Artifact = Omit<Extract<TrainingEvent, { type: 'artifact' }>, 'type'>

/**
 * Exports every student, and the ensemble of two or more, into the order's output folder: a folder each, and beside it
 * the same files as a zip, which is the artifact.
 */
export async function* exportCohort(
  order: TrainingOrder,
  state: State,
  evaluation: Evaluation,
): AsyncGenerator<Artifact> {
  const { cohort, dataset } = order
  for (const [index, student] of cohort.students.entries()) {
    const model = buildStudentModel(student, dataset, state)
    const folder = `${student.name}-${student.architecture}-tfjs`
    const file = await exportModel(order, model, evaluation, { kind: 'student', index }, folder)
    yield { kind: 'STUDENT_TFJS', student: index, ...file }
  }
  if (cohort.students.length < 2) return
  const model = buildEnsembleModel(cohort.students, dataset, state)
  const file = await exportModel(order, model, evaluation, { kind: 'ensemble' }, 'ensemble-tfjs')
  yield { kind: 'ENSEMBLE_TFJS', student: null, ...file }
}

async function exportModel(
  order: TrainingOrder,
  model: LayersModel,
  evaluation: Evaluation,
  subject: Subject,
  folderName: string,
): Promise<{ path: string; fileName: string }> {
  const metadata = modelMetadata(order, evaluation, subject)
  const files = [
    ...(await layersModelFiles(model, metadata)),
    { name: 'README.md', content: Buffer.from(modelCard(metadata)) },
    { name: 'example.mjs', content: Buffer.from(usageExample(order.dataset, subject.kind)) },
  ]
  model.dispose()
  const folder = join(order.outputFolder, folderName)
  await mkdir(folder, { recursive: true })
  for (const { name, content } of files) await writeFile(join(folder, name), content)
  const fileName = `${folderName}.zip`
  const path = join(order.outputFolder, fileName)
  await zipFiles(files, path)
  return { path, fileName }
}
