import { DesignProblem } from '../../../experiments/design/design-problem.ts'
import { type Design, readDesign as read } from '../../../experiments/design/experiment-file.ts'
import { sharedOrders, type Trial, trialsOf } from '../../../experiments/design/trials.ts'
import { AppError } from '../../errors.ts'

/** Characters of an experiment's file, and runs that one experiment may have. */
const MOST_CHARACTERS = 200_000
export const MOST_RUNS = 500
/** Of which several may share a run. */
const MOST_TRIALS = 2_000

export interface SharedDesign extends Design {
  /** The trials of each run that it takes. */
  orders: Trial[][]
}

/** @throws AppError INVALID_INPUT that names what is wrong, LIMIT_EXCEEDED for more runs than one experiment may have */
export function readDesign(content: unknown): SharedDesign {
  const path = ['experiment']
  if (JSON.stringify(content).length > MOST_CHARACTERS)
    throw new AppError('INVALID_INPUT', `The experiment has more than ${MOST_CHARACTERS} characters.`, path)
  const design = parse(content, path)
  if (design.subset)
    throw new AppError(
      'INVALID_INPUT',
      'The service takes no subset of its own. Edit the dataset to a version with as many images as you want, and let the subset be null.',
      [...path, 'subset'],
    )
  const orders = sharedOrders(trialsOf(design))
  requireAtMost(orders)
  return { ...design, orders }
}

/** @throws AppError LIMIT_EXCEEDED */
export function requireAtMost(orders: readonly Trial[][]): void {
  const [runs, trials] = [orders.length, orders.flat().length]
  if (runs <= MOST_RUNS && trials <= MOST_TRIALS) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The experiment would take ${runs} runs for ${trials} trials; it may have ${MOST_RUNS} and ${MOST_TRIALS}. Take fewer seeds, arms or conditions.`,
    ['experiment'],
  )
}

function parse(content: unknown, path: string[]): Design {
  try {
    return read(content)
  } catch (error) {
    if (error instanceof DesignProblem) throw new AppError('INVALID_INPUT', error.message, path)
    throw error
  }
}
