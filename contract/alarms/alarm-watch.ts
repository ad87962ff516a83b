import type { RunFindingCode } from '../runs/finding-reasons.ts'
import { findingOf, type RunFinding } from '../runs/run-findings.ts'
import type { MetricPoint } from '../training.ts'
import { CHANCE_PATIENCE, ChanceWatch } from './chance.ts'
import { DIVERGENCE_PATIENCE, seeDivergence } from './divergence.ts'
import { DRAG_PATIENCE, DragWatch } from './drag.ts'
import { ALIKE_PATIENCE, HomogenisationWatch } from './homogenisation.ts'
import { Hysteresis } from './hysteresis.ts'
import type { AlarmScene, Scores, Sight } from './scene.ts'
import { scoresOf, type TwinAccuracies } from './scores-of.ts'

/** An alarm that is raised, or withdrawn because it is over. */
export interface AlarmChange {
  isOver: boolean
  step: number
  finding: RunFinding
}

interface WatchedStudent {
  /** After a step since the last evaluation; a student that does not learn raises no alarm. */
  isLearning: boolean
  diverges: Hysteresis
  atChance: { watch: ChanceWatch; alarm: Hysteresis }
  dragged: { watch: DragWatch; alarm: Hysteresis }
}

/** Follows a run's points and says when something goes wrong, once, and when it is over. The points alone decide. */
export class AlarmWatch {
  readonly #scene: AlarmScene
  readonly #students: WatchedStudent[]
  readonly #alike = { watch: new HomogenisationWatch(), alarm: new Hysteresis(ALIKE_PATIENCE) }
  readonly #open = new Map<Hysteresis, RunFinding>()

  constructor(scene: AlarmScene) {
    this.#scene = scene
    this.#students = scene.students.map((name, k) => ({
      isLearning: false,
      diverges: new Hysteresis(DIVERGENCE_PATIENCE),
      atChance: { watch: new ChanceWatch(name), alarm: new Hysteresis(CHANCE_PATIENCE) },
      dragged: { watch: new DragWatch(k), alarm: new Hysteresis(DRAG_PATIENCE) },
    }))
  }

  /** The alarms raised and not withdrawn, in the order in which they were raised. */
  get open(): RunFinding[] {
    return [...this.#open.values()]
  }

  /**
   * @param points  the next ones; those of one evaluation together
   */
  take(points: readonly MetricPoint[], twins: TwinAccuracies = () => new Map()): AlarmChange[] {
    const losses = points.filter(({ name }) => name === 'labelLoss')
    const changes: AlarmChange[] = []
    let from = 0
    for (const scores of scoresOf(points, twins)) {
      const own = losses.filter(({ step }) => step > from && step <= scores.step)
      changes.push(...own.flatMap((point) => this.#takeStep(point)), ...this.#takeScores(scores))
      from = scores.step
    }
    const rest = losses.filter(({ step }) => step > from)
    return [...changes, ...rest.flatMap((point) => this.#takeStep(point))]
  }

  #takeStep({ student: position, step, value: labelLoss }: MetricPoint): AlarmChange[] {
    if (position === null) return []
    const student = this.#students[position]
    const name = this.#scene.students[position]
    if (!student || name === undefined) return []
    student.isLearning = true
    return this.#change(
      student.diverges,
      'DIVERGED',
      name,
      step,
      seeDivergence(name, this.#scene, step, labelLoss),
    )
  }

  #takeScores(scores: Scores): AlarmChange[] {
    if (this.#scene.testCount === 0) return []
    const areAllLearning = this.#students.every(({ isLearning }) => isLearning)
    const changes = this.#students.flatMap((student, k) => {
      const name = this.#scene.students[k] as string
      const top1 = scores.top1.get(k)
      // A diverged loss explains an accuracy at chance.
      if (top1 === undefined || !student.isLearning || student.diverges.isRaised) return []
      student.isLearning = false
      const { atChance, dragged } = student
      const chance = atChance.watch.see(this.#scene, top1, scores)
      const drag = this.#scene.isMutual && areAllLearning ? dragged.watch.see(this.#scene, scores) : null
      return [
        ...this.#change(atChance.alarm, 'AT_CHANCE', name, scores.step, chance),
        // As an accuracy at chance explains a fall.
        ...(atChance.alarm.isRaised ? [] : this.#change(dragged.alarm, 'DRAGGED', name, scores.step, drag)),
      ]
    })
    const { watch, alarm } = this.#alike
    const alike = this.#scene.isMutual && areAllLearning ? watch.see(this.#scene, scores) : null
    return [...changes, ...this.#change(alarm, 'ALIKE', null, scores.step, alike)]
  }

  #change(
    alarm: Hysteresis,
    code: RunFindingCode,
    student: string | null,
    step: number,
    sight: Sight | null,
  ): AlarmChange[] {
    const turn = sight && alarm.take(sight.look)
    if (!turn) return []
    const finding = this.#open.get(alarm) ?? findingOf(code, student, sight.message)
    if (turn === 'RAISED') this.#open.set(alarm, finding)
    else this.#open.delete(alarm)
    return [{ isOver: turn === 'WITHDRAWN', step, finding }]
  }
}
