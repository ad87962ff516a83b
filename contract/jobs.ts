import { z } from 'zod'

/** Queues and what their jobs carry: ids only, for the row is the truth and the job says “look here”. */
export const QUEUES = {
  /** Runs that any worker may take, and those that ask for a kind of device. */
  trainRun: 'train-run',
  trainRunCpu: 'train-run-cpu',
  trainRunGpu: 'train-run-gpu',
  importDataset: 'import-dataset',
  inspectUpload: 'inspect-upload',
  exportModel: 'export-model',
} as const
export type QueueName = (typeof QUEUES)[keyof typeof QUEUES]

/** Says only that a run waits: the worker takes the one whose turn it is. */
export const TrainRunJob = z.strictObject({})
export type TrainRunJob = z.infer<typeof TrainRunJob>

export const ImportDatasetJob = z.strictObject({ datasetVersionId: z.string() })
export type ImportDatasetJob = z.infer<typeof ImportDatasetJob>

export const InspectUploadJob = z.strictObject({ uploadId: z.string() })
export type InspectUploadJob = z.infer<typeof InspectUploadJob>

export const ExportModelJob = z.strictObject({ exportId: z.string() })
export type ExportModelJob = z.infer<typeof ExportModelJob>
