import { problemsOf } from '../../workers/devices/card-health.ts'
import type { Machine } from '../../workers/devices/find-device.ts'

/** What scripts/doctor/probe.ts computed: each precision twice. */
export interface Probe {
  usesCard: boolean
  FLOAT32: number[][]
  BFLOAT16: number[][]
}

export interface Examination {
  lines: string[]
  problems: string[]
}

/** Largest difference from the processor that rounding explains, relative to the largest number. */
const TOLERANCE = { FLOAT32: 1e-3, BFLOAT16: 5e-2 }

/** What is seen of cards and libraries. Without a card, one is missed only where it was asked for. */
export function examineMachine(machine: Machine, wantsCard: boolean): Examination {
  const { cards, libraries } = machine
  if (cards.length === 0)
    return { lines: ['card          none'], problems: wantsCard ? problemsOf(cards, libraries) : [] }
  return {
    lines: [
      ...cards.map(
        ({ name, driver, memoryBytes }) =>
          `card          ${name}, ${Math.round(memoryBytes / 2 ** 30)} GiB, driver ${driver ?? 'unknown'}`,
      ),
      ...libraries.map(({ file, found, package: name, version }) =>
        `${found ? 'library      ' : 'MISSING      '} ${file.padEnd(18)} ${name} ${version ?? ''}`.trimEnd(),
      ),
    ],
    problems: problemsOf(cards, libraries),
  }
}

/** @param own on the device that training processes get  @param processor the same on the processor */
export function compareProbes(own: Probe, processor: Probe, hasCard: boolean): Examination {
  const lines = [`TensorFlow    computes on ${own.usesCard ? 'the card' : 'the processor'}`]
  const problems: string[] = []
  if (hasCard && !own.usesCard) problems.push('TensorFlow does not see the card, though nvidia-smi does.')
  for (const precision of ['FLOAT32', 'BFLOAT16'] as const) {
    const [first = [], second = []] = own[precision]
    const difference = relativeDifference(first, processor[precision][0] ?? [])
    const isSame = first.every((value, i) => value === second[i])
    lines.push(
      `${precision.padEnd(13)} a convolution's gradients differ by ${difference.toExponential(1)} from the processor's, ${isSame ? 'and are the same again' : 'AND DIFFER WHEN REPEATED'}`,
    )
    if (!(difference <= TOLERANCE[precision]))
      problems.push(`In ${precision} a convolution's gradients are wrong.`)
    if (!isSame) problems.push(`In ${precision} results differ from one time to the next.`)
  }
  return { lines, problems }
}

function relativeDifference(values: readonly number[], expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN)))) / largest
}

/** The last line, and the exit code. */
export function conclude(problems: readonly string[], hasCard: boolean): { line: string; code: number } {
  if (problems.length > 0) return { line: `Not fit to train: ${problems.join(' ')}`, code: 1 }
  return { line: `Fit to train on ${hasCard ? 'the card' : 'the processor'}.`, code: 0 }
}
