/** Starts a process of each kind where no file can be opened any more, and prints what came of it. */
import { openSync } from 'node:fs'
import type { ExportOrder } from '../../contract/exports.ts'
import type { TrainingOrder } from '../../contract/training.ts'
import { writeExport } from '../../workers/training/start-export.ts'
import { startTraining } from '../../workers/training/start-training.ts'

/** Neither process comes to read its order. */
const order = { cohort: { students: [], teaching: { method: 'MUTUAL' } }, training: {} }

const errors: string[] = []
const opened = (() => {
  try {
    for (;;) openSync('/dev/null', 'r')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
})()
const { ended } = startTraining(order as unknown as TrainingOrder, process.env, { onEvent() {}, onLine() {} })
errors.push(JSON.stringify(await ended))
await writeExport(order as unknown as ExportOrder, process.env, {
  signal: new AbortController().signal,
  onStep() {},
}).catch((error: Error) => errors.push(error.message))
process.stdout.write(JSON.stringify({ opened, errors }))
