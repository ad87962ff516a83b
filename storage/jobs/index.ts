import { explainRunJob } from './explain-run.ts'
import { exportModelJob } from './export-model.ts'
import { importDatasetJob } from './import-dataset.ts'
import { inspectUploadJob } from './inspect-upload.ts'
import { inspectWeightsJob } from './inspect-weights.ts'
import { trainRunJobs } from './train-run.ts'

/**
 * Every job that can be enqueued. To add one, list its definition here and its handler in
 * workers/jobs/index.ts.
 */
export const JOBS = [
  ...Object.values(trainRunJobs),
  importDatasetJob,
  inspectUploadJob,
  inspectWeightsJob,
  exportModelJob,
  explainRunJob,
]
