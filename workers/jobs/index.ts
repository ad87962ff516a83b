import type { Job } from 'bullmq'
import type { DeviceKind } from '../../contract/devices.ts'
import type { JobDefinition } from '../../storage/jobs/define-job.ts'
import { explainRunJob } from '../../storage/jobs/explain-run.ts'
import { exportModelJob } from '../../storage/jobs/export-model.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { inspectUploadJob } from '../../storage/jobs/inspect-upload.ts'
import { inspectWeightsJob } from '../../storage/jobs/inspect-weights.ts'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import type { Trainings } from './trainings.ts'
import type { WorkerContext } from './worker-context.ts'

/** What a handler can use. */
export interface JobHost extends WorkerContext {
  trainings: Trainings
}

type JobHandler<Payload> = (host: JobHost, payload: Payload, job: Job) => Promise<void>

/** A job that a worker handles, with its concurrency; the handler is loaded with the first job. */
export interface HandledJob {
  definition: JobDefinition<unknown>
  concurrency: number
  load(): Promise<JobHandler<unknown>>
}

/**
 * The jobs of a worker that trains `trainings` runs at a time. To add one, write its definition in
 * storage/jobs/ and add a line here.
 */
export function jobsOn(device: DeviceKind, trainings: number): HandledJob[] {
  const wake = async () => (host: JobHost) => host.trainings.wake()
  return [
    handles(trainRunOn(null), trainings, wake),
    handles(trainRunOn(device), trainings, wake),
    handles(importDatasetJob, 1, async () => (await import('./import-dataset.ts')).importDataset),
    handles(exportModelJob, 1, async () => (await import('./export-model.ts')).exportModel),
    handles(explainRunJob, 1, async () => (await import('./explain-run.ts')).explainRun),
    handles(inspectUploadJob, 1, async () => (await import('./inspections/inspect-upload.ts')).inspectUpload),
    handles(
      inspectWeightsJob,
      1,
      async () => (await import('./inspections/inspect-weights.ts')).inspectWeights,
    ),
  ]
}

/**
 * Checks at compile time that the handler fits the payload; at run time the definition's schema validates it.
 */
function handles<Payload>(
  definition: JobDefinition<Payload>,
  concurrency: number,
  load: () => Promise<JobHandler<Payload>>,
): HandledJob {
  return { definition, concurrency, load } as HandledJob
}
