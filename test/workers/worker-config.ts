import path from 'node:path'
import type { WorkerConfig } from '../../workers/config.ts'
import { trainingEnvironment } from '../../workers/training/training-environment.ts'

/** Of a worker in the test's own process, with its scratch and, where nothing else is said, its storage in a folder. */
export function workerConfig(
  databaseUrl: string,
  folder: string,
  storage: WorkerConfig['storage'] = { kind: 'disk', folder: path.join(folder, 'storage') },
): WorkerConfig {
  return {
    name: 'test:1',
    databaseUrl,
    home: folder,
    storage,
    scratchFolder: path.join(folder, 'scratch'),
    trainings: 1,
    labels: [],
    checkpoints: { everySeconds: 60 },
    logLevel: 'silent',
    trainingEnvironment: trainingEnvironment(process.env),
  }
}
