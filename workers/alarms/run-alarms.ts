import { AlarmWatch } from '../../contract/alarms/alarm-watch.ts'
import type { AlarmScene } from '../../contract/alarms/scene.ts'
import type { TwinAccuracies } from '../../contract/alarms/scores-of.ts'
import type { MetricPoint, TrainingOrder } from '../../contract/training.ts'
import type { Database } from '../../prisma/client.ts'
import { retryWhileDatabaseAway } from '../../prisma/database-away.ts'
import { readTestAccuracies, readWatchedPoints, recordAlarms, replaceAlarms } from '../../runs/alarms.ts'
import { findTwins, type Twin } from '../../runs/experiments/find-twins.ts'
import type { Lease } from '../../runs/lease.ts'

/** Watches a run's points as they are recorded, and records what alarms they raise and withdraw. */
export class RunAlarms {
  readonly #database: Database
  readonly #lease: Lease
  readonly #scene: AlarmScene
  #watch: AlarmWatch
  #twins: Twin[] = []

  constructor(database: Database, lease: Lease, order: TrainingOrder) {
    this.#database = database
    this.#lease = lease
    this.#scene = sceneOf(order)
    this.#watch = new AlarmWatch(this.#scene)
  }

  /** Takes up what the attempts before have recorded, up to the step from which this one goes on. */
  async begin(step: number): Promise<void> {
    const { runId } = this.#lease
    this.#watch = new AlarmWatch(this.#scene)
    this.#twins = await retryWhileDatabaseAway(() => findTwins(this.#database, runId))
    const recorded = await retryWhileDatabaseAway(() => readWatchedPoints(this.#database, runId))
    this.#watch.take(recorded, await this.#readTwins())
    await replaceAlarms(this.#database, this.#lease, step, this.#watch.open)
  }

  async take(points: readonly MetricPoint[]): Promise<void> {
    const isTested = points.some(({ name }) => name === 'testTop1')
    const changes = this.#watch.take(points, isTested ? await this.#readTwins() : undefined)
    if (changes.length > 0) await recordAlarms(this.#database, this.#lease, changes, this.#watch.open)
  }

  async #readTwins(): Promise<TwinAccuracies> {
    const points = await retryWhileDatabaseAway(() => readTestAccuracies(this.#database, this.#twins))
    return (step) =>
      new Map(
        this.#twins.flatMap(({ student, runId, position }): [number, number][] => {
          const point = points.find(
            (one) => one.runId === runId && one.position === position && one.step === step,
          )
          return point ? [[student, point.top1]] : []
        }),
      )
  }
}

function sceneOf({ cohort, dataset }: TrainingOrder): AlarmScene {
  const { method } = cohort.teaching
  const counts = dataset.kind === 'CLASSIFICATION' ? dataset.splits.test.classCounts : []
  const testCount = counts.reduce((sum, count) => sum + count, 0)
  const classCount = dataset.classes.length
  return {
    students: cohort.students.map(({ name }) => name),
    classCount,
    testCount,
    chance: Math.max(1 / classCount, testCount === 0 ? 0 : Math.max(...counts) / testCount),
    isMutual: method === 'MUTUAL' || method === 'ENSEMBLE_TEACHER',
  }
}
