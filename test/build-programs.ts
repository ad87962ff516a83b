import { areProcessesBuilt, buildProcesses } from '../scripts/setup/build/build-processes.mjs'

/** Tests start server, worker and training as they are run daily: built, from the sources as they are now. */
export default async function setup(): Promise<void> {
  if (!areProcessesBuilt()) await buildProcesses()
}
