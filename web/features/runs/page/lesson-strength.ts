import { strengthOfLesson } from '../../teaching/lesson-strength.ts'
import type { Lesson } from '../../teaching/teaching-graph.ts'
import type { RunFeed } from '../live/run-feed.ts'

/** How much of a lesson is left to learn, by what the run has measured so far. */
export function lessonStrength({ run, curves }: RunFeed, lesson: Lesson): number | null {
  return strengthOfLesson(lesson, {
    divergence: run.evaluation?.peerDivergence,
    lossOf(student) {
      const loss = curves.find((curve) => curve.student === student && curve.name === 'mutualLoss')
      return loss?.values.at(-1) ?? null
    },
  })
}
