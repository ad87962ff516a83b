import { z } from 'zod'

/** Queues and what their jobs carry: ids only, for the row is the truth and the job says “look here”. */
export const QUEUES = { trainRun: 'train-run', importDataset: 'import-dataset' } as const
export type QueueName = (typeof QUEUES)[keyof typeof QUEUES]

export const TrainRunJob = z.strictObject({ runId: z.string() })
export type TrainRunJob = z.infer<typeof TrainRunJob>

export const ImportDatasetJob = z.strictObject({ datasetVersionId: z.string() })
export type ImportDatasetJob = z.infer<typeof ImportDatasetJob>
