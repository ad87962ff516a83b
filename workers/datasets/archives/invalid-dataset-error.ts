import type { ImportReport } from '../../../contract/import-report.ts'

/** The dataset cannot be used; the message says what is wrong with it and what to do, for a person to read. */
export class InvalidDatasetError extends Error {
  override readonly name = 'InvalidDatasetError'
  /** What had been done with each file, where it had come so far. */
  report: ImportReport | undefined
}
