import type { Job } from 'bullmq'
import type { DeviceKind } from '../../contract/devices.ts'
import type { JobDefinition } from '../../storage/jobs/define-job.ts'
import { exportModelJob } from '../../storage/jobs/export-model.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { inspectUploadJob } from '../../storage/jobs/inspect-upload.ts'
import { trainRunOn } from '../../storage/jobs/train-run.ts'
import type { Trainings } from './trainings.ts'
import type { WorkerContext } from './worker-context.ts'

/** What a handler may use: `trainings` are the ones of this worker. */
export interface JobHost extends WorkerContext {
  trainings: Trainings
}

type JobHandler<Payload> = (host: JobHost, payload: Payload, job: Job) => Promise<void>

/** A job that a worker takes, so many of it at a time; its handler is loaded with the first one. */
export interface TakenJob {
  definition: JobDefinition<unknown>
  concurrency: number
  load(): Promise<JobHandler<unknown>>
}

/** The jobs of a worker that trains so many runs at a time. To add one: its definition in storage/jobs/, and a line. */
export function jobsOn(device: DeviceKind, trainings: number): TakenJob[] {
  const wake = async () => (host: JobHost) => host.trainings.wake()
  return [
    takes(trainRunOn(null), trainings, wake),
    takes(trainRunOn(device), trainings, wake),
    takes(importDatasetJob, 1, async () => (await import('./import-dataset.ts')).importDataset),
    takes(exportModelJob, 1, async () => (await import('./export-model.ts')).exportModel),
    takes(inspectUploadJob, 1, async () => (await import('./inspect-upload.ts')).inspectUpload),
  ]
}

/** Here the handler must fit the definition's payload; afterwards the definition's own schema sees to it. */
function takes<Payload>(
  definition: JobDefinition<Payload>,
  concurrency: number,
  load: () => Promise<JobHandler<Payload>>,
): TakenJob {
  return { definition, concurrency, load } as TakenJob
}
