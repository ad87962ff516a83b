import type { TrainingEvent, TrainingOrder } from '../../../contract/training.ts'
import type { CohortProgram } from '../cohort-program.ts'
import { BEFORE_THE_FIRST_STEP, type Beginning, type CheckpointKeeper } from './checkpoint-keeper.ts'
import { goOnFrom } from './fork-origin.ts'

interface Training {
  order: TrainingOrder
  program: CohortProgram
  checkpoints: CheckpointKeeper | undefined
  onEvent(event: TrainingEvent): void
}

/**
 * Brings a program to where its training begins: to its latest checkpoint, or to the one of another run that it is a fork
 * of, or before its first step.
 */
export async function findBeginning({ order, program, checkpoints, onEvent }: Training): Promise<Beginning> {
  const resumed = await checkpoints?.resume()
  if (resumed) return resumed
  const { fork } = order
  if (!fork) return { position: BEFORE_THE_FIRST_STEP }
  const { best, ...position } = goOnFrom(fork, order, program)
  checkpoints?.beginAfter(position)
  const message = `Going on after step ${fork.step} of the run that this is a fork of.`
  onEvent({ type: 'log', level: 'INFO', message })
  return { position, best }
}
