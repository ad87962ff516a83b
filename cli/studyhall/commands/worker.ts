import { type WorkerPartsFragment, WorkersDocument } from '../api/generated/operations.ts'
import { textTable } from '../show/text-table.ts'
import { JSON_OPTION, type Register } from './context.ts'

/** `workers`: who trains, and who takes nothing more. */
export const registerWorkers: Register = (program, { open, result }) => {
  program
    .command('workers')
    .description('the workers, which serve every team: what each trains on, and whether it takes runs')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const { api } = await open()
      const { workers } = await api.ask(WorkersDocument)
      result(json, workers, workers.length === 0 ? 'No worker is running.\n' : workerTable(workers))
    })
}

function workerTable(workers: WorkerPartsFragment[]): string {
  return textTable(
    ['worker', 'state', 'device', 'runs', 'places', 'heartbeat'],
    workers.map((worker) => [
      worker.name,
      stateOf(worker),
      `${worker.device}, ${worker.deviceName}`,
      String(worker.runsInHand),
      String(worker.capacity),
      `${Math.round(worker.heartbeatAgeSeconds)} s ago`,
    ]),
  )
}

function stateOf({ silent, drainedAt, handsBack, draining, runsInHand }: WorkerPartsFragment): string {
  if (silent) return drainedAt ? 'silent, drained' : 'silent'
  if (drainedAt && runsInHand > 0) return handsBack ? 'drained, hands back' : 'drained, finishes'
  if (drainedAt) return 'drained'
  if (draining) return 'ending'
  return runsInHand > 0 ? 'training' : 'ready'
}
