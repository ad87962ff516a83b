import { LEAST_FALL, percent, SIGNIFICANT_ERRORS, shortly, standardError } from '../runs/run-findings.ts'
import type { AlarmScene, Scores, Sight } from './scene.ts'

export const DRAG_PATIENCE = { raiseAfter: 2, withdrawAfter: 2 }
/** A distance from the peers that has grown by less is taken for noise. */
const GROWTH = 1.1

interface Behind {
  reference: number
  /** Whose accuracy the reference is. */
  words: string
  /** How far the peers were when it was not behind, or an evaluation ago. */
  divergenceThen: number
}

/**
 * Tells whether a weaker peer drags a student down: it falls behind its twin, or its own best, while its distance from
 * its peers grows and one of them is clearly weaker than it was.
 */
export class DragWatch {
  readonly #student: number
  #best: { top1: number; step: number; divergence: number } | undefined
  #previousDivergence: number | undefined

  constructor(student: number) {
    this.#student = student
  }

  see(scene: AlarmScene, scores: Scores): Sight | null {
    const top1 = scores.top1.get(this.#student)
    const divergence = scores.divergence.get(this.#student)
    if (top1 === undefined || divergence === undefined) return null
    const references = this.#references(scores)
    if (!this.#best || top1 > this.#best.top1) this.#best = { top1, step: scores.step, divergence }
    this.#previousDivergence = divergence
    const margin = ({ reference }: Behind) => marginOf(reference, scene.testCount)
    const weakest = weakestPeer(this.#student, scores)
    const drag = references.find(
      (one) =>
        one.reference - top1 > margin(one) &&
        divergence > GROWTH * one.divergenceThen &&
        weakest !== null &&
        weakest.top1 < one.reference - margin(one),
    )
    if (drag && weakest) {
      const name = scene.students[this.#student]
      const peer = `its weakest peer ${scene.students[weakest.student]} has ${percent(weakest.top1)}`
      const message = `${name} is dragged down: ${percent(top1)} of the test images are right at step ${scores.step}, against ${percent(drag.reference)} ${drag.words}, while its distance from its peers (KL) grew from ${shortly(drag.divergenceThen)} to ${shortly(divergence)} nats; ${peer}.`
      return { look: 'BAD', message }
    }
    const isUp = references.every((one) => one.reference - top1 <= margin(one) / 2)
    return { look: isUp ? 'GOOD' : 'BETWEEN', message: '' }
  }

  #references({ twins }: Scores): Behind[] {
    const twin = twins.get(this.#student)
    const best = this.#best
    return [
      ...(twin !== undefined && this.#previousDivergence !== undefined
        ? [
            {
              reference: twin,
              words: 'of its twin that learns alone',
              divergenceThen: this.#previousDivergence,
            },
          ]
        : []),
      ...(best
        ? [{ reference: best.top1, words: `at step ${best.step}`, divergenceThen: best.divergence }]
        : []),
    ]
  }
}

function marginOf(top1: number, testCount: number): number {
  return Math.max(LEAST_FALL, SIGNIFICANT_ERRORS * standardError(top1, testCount))
}

function weakestPeer(student: number, { top1 }: Scores): { student: number; top1: number } | null {
  const peers = [...top1].filter(([k]) => k !== student).map(([k, share]) => ({ student: k, top1: share }))
  return peers.sort((a, b) => a.top1 - b.top1)[0] ?? null
}
