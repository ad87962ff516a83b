import fc from 'fast-check'
import type { LiveEvent, PageRun } from '../../../web/features/runs/live/run-feed.ts'
import {
  checkpointEvent,
  evaluationEvent,
  logEvent,
  metricsEvent,
  pageRun,
  type Series,
  statusEvent,
} from './page-run.ts'

const EVALUATE_EVERY_STEPS = 3

/** Something that happens to a run. */
export type Happening =
  | { kind: 'said'; message: string }
  | { kind: 'measured'; steps: number }
  | { kind: 'saved' }
  | { kind: 'restarted' }
  | { kind: 'evaluated' }

export const happenings = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('said' as const), message: fc.string({ unit: 'grapheme' }) }),
    fc.record({ kind: fc.constant('measured' as const), steps: fc.integer({ min: 1, max: 7 }) }),
    fc.constantFrom<Happening>({ kind: 'saved' }, { kind: 'restarted' }, { kind: 'evaluated' }),
  ),
  { minLength: 1, maxLength: 30 },
)

/** A run as the database has it: rows that every event changes, and what a page would read between any two of them. */
export class SimulatedRun {
  readonly events: LiveEvent[] = []
  /** `readings[seq]` is what the query answers once so many events are recorded. */
  readonly readings: PageRun[] = []
  #run = pageRun()
  #step = 0
  #savedStep = 0
  readonly #points = new Map<string, Map<number, number>>()

  constructor(happened: readonly Happening[]) {
    this.#read()
    this.#enter({ status: 'STARTING', phase: 'LOADING' })
    this.#enter({ status: 'RUNNING', phase: 'TRAINING' })
    for (const happening of happened) this.#happen(happening)
    this.#enter({ status: 'SUCCEEDED', phase: null })
  }

  #happen(happening: Happening): void {
    switch (happening.kind) {
      case 'said':
        this.#record(logEvent(this.#nextSeq, happening.message))
        break
      case 'measured':
        this.#measure(happening.steps)
        break
      case 'saved':
        this.#savedStep = this.#step
        this.#record(checkpointEvent(this.#nextSeq, this.#step))
        break
      case 'restarted':
        this.#restart()
        break
      case 'evaluated': {
        const event = evaluationEvent(this.#nextSeq)
        this.#record(event, { evaluation: event.evaluation })
      }
    }
  }

  #restart(): void {
    this.#enter({ status: 'QUEUED', phase: null, attempt: this.#run.attempt + 1 })
    this.#enter({ status: 'STARTING', phase: 'LOADING' })
    this.#enter({ status: 'RUNNING', phase: 'TRAINING' })
    this.#step = this.#savedStep
    for (const [key, points] of this.#points) {
      for (const step of points.keys()) if (step > this.#step) points.delete(step)
      if (points.size === 0) this.#points.delete(key)
    }
    // Nothing is told between the removal and the first new points, so that no page can know of it before these.
    this.#measure(1)
  }

  #measure(steps: number): void {
    const { attempt } = this.#run
    const measured = Array.from({ length: steps }, (_, i) => this.#step + i + 1)
    const tested = measured.filter((step) => step % EVALUATE_EVERY_STEPS === 0)
    const series = [0, 1].flatMap((student) => [
      this.#add(student, 'loss', measured, attempt),
      this.#add(student, 'testTop1', tested, attempt),
    ])
    this.#step += steps
    const event = metricsEvent(
      this.#nextSeq,
      series.filter((one) => one.steps.length > 0),
    )
    this.#record(event, { progress: event.progress })
  }

  #add(student: number, name: string, steps: number[], attempt: number): Series {
    const points = this.#points.get(`${student} ${name}`) ?? new Map<number, number>()
    // Another attempt measures otherwise, so that a point that should be gone shows.
    const values = steps.map((step) => ((step * 7 + attempt * 3 + student) % 11) / 11)
    for (const [i, step] of steps.entries()) points.set(step, values[i] ?? 0)
    if (points.size > 0) this.#points.set(`${student} ${name}`, points)
    return { student, name, steps, values }
  }

  #enter(change: Pick<PageRun, 'status' | 'phase'> & { attempt?: number }): void {
    const event = statusEvent(this.#nextSeq, { attempt: this.#run.attempt, ...change })
    const { status, phase, attempt, failure, at } = event
    const startedAt = this.#run.startedAt ?? (status === 'STARTING' ? at : null)
    const finishedAt = status === 'SUCCEEDED' ? at : null
    this.#record(event, { status, phase, attempt, failure, startedAt, finishedAt, ...this.#timed(event) })
  }

  /** As the rows of the attempts say. */
  #timed({ status, at }: { status: PageRun['status']; at: string }) {
    const { attemptSeconds, attemptStartedAt } = this.#run
    if (status === 'STARTING') return { attemptSeconds, attemptStartedAt: at }
    if (status === 'RUNNING' || attemptStartedAt === null) return { attemptSeconds, attemptStartedAt }
    const tookMs = Date.parse(at) - Date.parse(attemptStartedAt)
    return { attemptSeconds: attemptSeconds + tookMs / 1000, attemptStartedAt: null }
  }

  get #nextSeq(): number {
    return this.events.length + 1
  }

  #record(event: LiveEvent, changes: Partial<PageRun> = {}): void {
    this.events.push(event)
    this.#run = { ...this.#run, ...changes, lastSeq: event.seq }
    this.#read()
  }

  #read(): void {
    const metrics = [...this.#points].map(([key, points]): Series => {
      const [student, name = ''] = key.split(' ')
      return { student: Number(student), name, steps: [...points.keys()], values: [...points.values()] }
    })
    const valuesOf = (position: number, name: string) =>
      metrics.find((one) => one.student === position && one.name === name)?.values ?? []
    const students = this.#run.students.map((student) => {
      const losses = valuesOf(student.student.position, 'loss')
      const shares = valuesOf(student.student.position, 'testTop1')
      const bestTestTop1 = shares.length > 0 ? Math.max(...shares) : null
      const lastTestTop1 = shares.at(-1) ?? null
      return { ...student, lastLoss: losses.at(-1) ?? null, lastTestTop1, bestTestTop1 }
    })
    this.#run = { ...this.#run, metrics, students }
    this.readings.push(this.#run)
  }
}
