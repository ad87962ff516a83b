/**
 * Writes a model of a finished run in another format: gets an order from its parent, has the engine carry it out, and
 * tells what it is about, and answers once. A process of its own, since it loads TensorFlow. Exit code 0: the answer was told.
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

function tell(step: ExportStep): void {
  const told: ExportUpdate = { type: 'step', step }
  process.send?.(told)
}

async function carryOut({ training, evaluation, subject, weightPaths }: ExportOrder): Promise<ExportAnswer> {
  const { exportSubject } = await import('../engine/exports/export-cohort.ts')
  const { readExportedWeights } = await import('../engine/exports/read-weights.ts')
  const files = new Map<string, Buffer>()
  for (const [student, path] of Object.entries(weightPaths)) files.set(student, await readFile(path))
  const artifacts = exportSubject(training, readExportedWeights(files), evaluation, subject, tell)
  const { value } = await artifacts.next()
  if (!value) throw new Error('the order names no format')
  // What gives the model's memory back; the process ends anyway.
  await artifacts.return(undefined)
  return { type: 'written', path: value.path, fileName: value.fileName }
}
