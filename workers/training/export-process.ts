/**
 * Writes a model of a finished run in another format: receives an order from its parent, has the engine carry
 * it out, reports each step, and replies once. A separate process because it loads TensorFlow. Exit code 0:
 * the reply was sent.
 */
import { readFile } from 'node:fs/promises'
import { type ExportAnswer, ExportOrder, type ExportStep, type ExportUpdate } from '../../contract/exports.ts'

process.on('disconnect', () => process.exit(1))
process.once('message', (message) => {
  carryOut(ExportOrder.parse(message))
    .catch(
      (error): ExportAnswer => ({
        type: 'failed',
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((answer) => process.send?.(answer, () => process.exit(0)))
})

function reportStep(step: ExportStep): void {
  const update: ExportUpdate = { type: 'step', step }
  process.send?.(update)
}

async function carryOut({ training, evaluation, subject, weightPaths }: ExportOrder): Promise<ExportAnswer> {
  const { exportSubject } = await import('../engine/exports/export-cohort.ts')
  const { readExportedWeights } = await import('../engine/exports/read-weights.ts')
  const files = new Map<string, Buffer>()
  for (const [student, path] of Object.entries(weightPaths)) files.set(student, await readFile(path))
  const artifacts = exportSubject(training, readExportedWeights(files), evaluation, subject, {
    onStep: reportStep,
  })
  const { value } = await artifacts.next()
  if (!value) throw new Error('the order names no format')
  // Runs the generator's cleanup, which frees the model's memory.
  await artifacts.return(undefined)
  return { type: 'written', path: value.path, fileName: value.fileName }
}
