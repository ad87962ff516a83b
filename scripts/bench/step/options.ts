import { type Command, InvalidArgumentError } from 'commander'
import { Cohort } from '../../../contract/cohort.ts'

/** What is measured: a cohort and the shape of its batches. */
export interface CohortOptions {
  students: string
  classes: number
  batch: number
  size: number
  channels: 1 | 3
  method: string
  update: string
  precision: 'FLOAT32' | 'BFLOAT16'
  /** Steps of the engine that a call into TensorFlow takes. */
  stepsPerCall: number
  /** PLAIN if missing. */
  mode?: 'PLAIN' | 'COMPILED'
  /** Whether the engine's images lie on the device. */
  picturesOnDevice?: boolean
}

/** Adds the options that say what is measured; the defaults are the paper's cohort for CIFAR-100. */
export function addCohortOptions(command: Command): Command {
  return command
    .option('--students <names>', 'architectures, separated by commas', 'resnet-32,resnet-32')
    .option('--classes <n>', 'number of classes', wholeNumber, 100)
    .option('--batch <n>', 'images a step', wholeNumber, 64)
    .option('--size <n>', 'height and width of an image', wholeNumber, 32)
    .option('--channels <n>', '1 or 3', wholeNumber, 3)
    .option('--method <name>', 'MUTUAL, ENSEMBLE_TEACHER or INDEPENDENT', 'MUTUAL')
    .option('--update <rule>', 'SEQUENTIAL or SIMULTANEOUS', 'SEQUENTIAL')
    .option('--precision <name>', 'FLOAT32 or BFLOAT16', 'FLOAT32')
    .option('--steps-per-call <n>', 'steps of the engine in a call into TensorFlow', wholeNumber, 1)
}

export function cohortOf({ students, method, update }: CohortOptions): Cohort {
  return Cohort.parse({
    students: students.split(',').map((architecture, i) => ({ name: `student-${i + 1}`, architecture })),
    teaching: { method, updateRule: update },
  })
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.')
  return value
}
