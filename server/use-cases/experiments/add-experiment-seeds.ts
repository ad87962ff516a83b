import { z } from 'zod'
import { Seed } from '../../../contract/seed.ts'
import { MOST_SEEDS } from '../../../experiments/design/experiment-file.ts'
import { StoredPlan } from '../../../experiments/design/stored-plan.ts'
import { sharedOrders, trialsOf } from '../../../experiments/design/trials.ts'
import type { Experiment, Run, Transaction } from '../../../prisma/client.ts'
import { queueTrials } from '../../../runs/experiments/queue-trials.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { spenderOf, spendRuns } from '../budgets/key-budget.ts'
import { parseInput } from '../parse-input.ts'
import { wakeWorkers } from '../runs/insert-run.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { requireAtMost } from './read-design.ts'
import { QUEUE_TIMEOUT_MS, requireRoom } from './start-experiment.ts'

const Seeds = z.array(Seed).min(1, 'at least one seed').max(MOST_SEEDS, `at most ${MOST_SEEDS} seeds`)

/** Queues an experiment's trials with further seeds; seeds that it has already are left as they are. */
export async function addExperimentSeeds(
  services: Services,
  actor: Actor | null,
  input: { experimentId: string; seeds: readonly number[] },
): Promise<Experiment> {
  const { database } = services
  const { id, teamId } = await permit({ database, actor }, 'Experiment', input.experimentId, 'MEMBER')
  const wanted = parseInput(Seeds, input.seeds, ['seeds'])
  const apiKeyId = spenderOf(requireActor(actor))
  const work = (tx: Transaction) => addTo(tx, id, wanted, apiKeyId)
  const { experiment, runs } = await withLockedRow(database, 'Team', teamId, work, QUEUE_TIMEOUT_MS)
  for (const run of runs) await wakeWorkers(services, run)
  return experiment
}

async function addTo(
  tx: Transaction,
  id: string,
  wanted: readonly number[],
  apiKeyId: string | null,
): Promise<{ experiment: Experiment; runs: Run[] }> {
  await lockExperiment(tx, id)
  const before = await tx.experiment.findUniqueOrThrow({ where: { id } })
  const plan = StoredPlan.parse(before.plan)
  const added = [...new Set(wanted)].filter((seed) => !plan.file.seeds.includes(seed))
  if (added.length === 0) return { experiment: before, runs: [] }
  requireOpen(before, plan)
  const seeds = [...plan.file.seeds, ...added]
  if (seeds.length > MOST_SEEDS)
    throw new AppError('LIMIT_EXCEEDED', `An experiment has at most ${MOST_SEEDS} seeds.`, ['seeds'])
  requireAtMost(sharedOrders(trialsOf({ ...plan, seeds })))
  const experiment = await tx.experiment.update({
    where: { id },
    data: { plan: { ...plan, file: { ...plan.file, seeds } } },
  })
  const first = await tx.run.findFirst({ where: { experimentId: id }, orderBy: { number: 'asc' } })
  const { device = null, label = null, priority = 0 } = first ?? {}
  const runs = await queueTrials(tx, experiment, added, { device, label, priority, apiKeyId })
  await spendRuns(tx, apiKeyId, runs.length)
  await requireRoom(tx, experiment.teamId)
  return { experiment, runs }
}

/** Not waited for: whoever ends it at this moment waits for runs, whose workers wait for the team. */
async function lockExperiment(tx: Transaction, id: string): Promise<void> {
  const rows = await tx.$queryRaw<
    object[]
  >`SELECT id FROM "Experiment" WHERE id = ${id} FOR UPDATE SKIP LOCKED`
  if (rows.length > 0) return
  throw new AppError('CONFLICT', 'The experiment is just being ended. Look at it again.', ['experimentId'])
}

/** @throws AppError CONFLICT */
function requireOpen({ canceledAt }: Experiment, { file }: StoredPlan): void {
  if (canceledAt)
    throw new AppError(
      'CONFLICT',
      'The experiment was canceled. Start another one, with all the seeds that you want.',
      ['experimentId'],
    )
  if (file.stopping)
    throw new AppError(
      'CONFLICT',
      'The experiment’s stopping rule was declared for the seeds that it has: its levels would not hold for more. Start another one.',
      ['experimentId'],
    )
}
