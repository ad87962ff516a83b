/** A training that goes on from a checkpoint of another one, with other students. */
import path from 'node:path'
import type { Student } from '../../contract/cohort.ts'
import { changesBetween, type Fork, joinedAfter } from '../../contract/runs/fork.ts'
import type { TrainingOrder } from '../../contract/training.ts'
import {
  ForkError,
  type ForkOrigin,
  readForkOrigin,
  requireForkable,
} from '../../workers/engine/checkpoints/fork-origin.ts'
import type { RawOptions } from './command-line.ts'
import type { StartedCohort } from './read-starts.ts'
import { UsageError } from './usage-error.ts'

export interface WantedFork {
  fork: Fork
  origin: Omit<ForkOrigin, 'state' | 'best'>
  /** Of the checkpoint, by hash. */
  blobPaths: Record<string, string>
}

/** @throws UsageError */
export function readFork(
  raw: Pick<RawOptions, 'given' | 'fork' | 'add' | 'remove' | 'replace' | 'teacher'>,
): {
  origin: WantedFork['origin']
  students: Student[]
  fork: WantedFork
} {
  const [own] = ['students', 'recipe', 'seed'].filter((name) => raw.given.has(name))
  if (own)
    throw new UsageError(
      `--${own} cannot be said with --fork: ${own === 'students' ? 'change the checkpoint’s students with --add, --remove and --replace' : 'it is the checkpoint’s'}.`,
    )
  const file = raw.fork ?? ''
  const origin = inWords(file, () => withoutState(readForkOrigin(file)))
  const { cohort, step, sha256 } = origin
  if (cohort.students[0]?.weightsSha256 && !raw.teacher)
    throw new UsageError(`--fork ${file}: its teacher is a finished model; give it again with --teacher.`)
  const students = changeStudents(cohort.students, raw)
  const joined = joinedAfter(origin, { ...cohort, students }, step)
  return {
    ...{ origin, students },
    fork: { origin, fork: { sha256, step, joined }, blobPaths: { [sha256]: path.resolve(file) } },
  }
}

/** @throws UsageError where the order cannot go on from that checkpoint */
export function requireForkableOrder({ origin }: WantedFork, order: TrainingOrder): void {
  inWords('', () => requireForkable(origin, order))
}

/**
 * Who stays keeps what is told of the weights that it began with, of which the file is needed again.
 * @throws UsageError where that is missing
 */
export function keepStarts(wanted: WantedFork | undefined, started: StartedCohort): StartedCohort {
  if (!wanted) return started
  const { cohort: before } = wanted.origin
  const { stay } = changesBetween(before, started.cohort)
  const students = started.cohort.students.map((student, i) => {
    const earlier = stay.includes(student) && before.students.find(({ name }) => name === student.name)?.start
    if (!earlier || earlier.sha256 !== student.start?.sha256) return student
    if (!started.blobPaths[earlier.sha256])
      throw new UsageError(
        `${student.name} began with ${earlier.source.name}: give that file again with --start ${i + 1}=….`,
      )
    return { ...student, start: earlier }
  })
  return { ...started, cohort: { ...started.cohort, students } }
}

function withoutState({ state: _, best: __, ...origin }: ForkOrigin): WantedFork['origin'] {
  return origin
}

/** Newcomers are numbered on, so that nobody has the name of one who left. */
function changeStudents(
  students: readonly Student[],
  { add, remove, replace }: Pick<RawOptions, 'add' | 'remove' | 'replace'>,
): Student[] {
  const numbers = students.map(({ name }) => Number(/^student-(\d{1,9})$/.exec(name)?.[1] ?? 0))
  let last = Math.max(students.length, ...numbers)
  const newcomer = (architecture: string) => ({
    name: `student-${++last}`,
    architecture: architecture.trim(),
  })
  const changed: (Student | undefined)[] = [...students]
  const change = (option: string, number: string, to: Student | undefined) => {
    const i = Number(number) - 1
    if (!students[i]) throw new UsageError(`${option}: there are students 1 to ${students.length}.`)
    if (changed[i] !== students[i]) throw new UsageError(`${option}: student ${number} is changed twice.`)
    changed[i] = to
  }
  for (const written of replace) {
    const [, number, architecture] = /^(\d{1,4})=(.+)$/.exec(written) ?? []
    if (!number || !architecture)
      throw new UsageError(`--replace ${written}: write number=architecture, for example 2=resnet-20.`)
    change(`--replace ${written}`, number, newcomer(architecture))
  }
  for (const number of remove.flatMap((text) => text.split(',')))
    change(`--remove ${number}`, number, undefined)
  const added = add.flatMap((text) => text.split(',')).map(newcomer)
  return [...changed.filter((student) => student !== undefined), ...added]
}

function inWords<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof ForkError)) throw error
    throw new UsageError(`--fork${file && ` ${file}`}: ${error.message}.`)
  }
}
