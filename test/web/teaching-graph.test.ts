import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_STUDENTS, PARTNER_RULES, TEACHING_METHODS } from '../../contract/cohort.ts'
import { applyEvent, openFeed } from '../../web/features/runs/live/run-feed.ts'
import { lessonStrength } from '../../web/features/runs/page/lesson-strength.ts'
import { describeTeaching, lessonsOf } from '../../web/features/teaching/teaching-graph.ts'
import { drawLesson, heightOf, placeStudents, WIDTHS } from '../../web/features/teaching/teaching-layout.ts'
import { evaluationEvent, metricsEvent, pageRun, seriesOf } from './runs/page-run.ts'

const fromTo = (method: (typeof TEACHING_METHODS)[number], count: number) =>
  lessonsOf({ method }, count).map(({ from, to }) => `${from}>${to}`)

describe('who learns from whom', () => {
  it('is everybody from everybody under mutual learning', () => {
    expect(fromTo('MUTUAL', 3)).toEqual([
      ...['LABELS>0', 'LABELS>1', 'LABELS>2'],
      ...['1>0', '2>0', '0>1', '2>1', '0>2', '1>2'],
    ])
  })

  it('is the others from the first under distillation, and nobody from anybody where all learn alone', () => {
    expect(fromTo('DISTILLATION', 3)).toEqual(['LABELS>0', 'LABELS>1', 'LABELS>2', '0>1', '0>2'])
    expect(fromTo('INDEPENDENT', 2)).toEqual(['LABELS>0', 'LABELS>1'])
  })

  it('goes through the mean prediction where the ensemble teaches', () => {
    expect(fromTo('ENSEMBLE_TEACHER', 2)).toEqual([
      ...['LABELS>0', 'LABELS>1', '0>MEAN', '1>MEAN', 'MEAN>0', 'MEAN>1'],
    ])
  })

  it('is said in a sentence', () => {
    const said = (method: (typeof TEACHING_METHODS)[number], partnerRule = PARTNER_RULES[0]) =>
      describeTeaching({ method, partnerRule }, ['ada', 'grace'])
    expect(said('MUTUAL')).toBe('ada and grace each learn from the labels and from every other.')
    expect(said('DISTILLATION')).toBe('ada and grace learn from the labels; ada teaches the others.')
  })
})

describe('the drawing of a cohort', () => {
  it('has every student and every arrow inside the frame, and no two students on each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_STUDENTS }),
        fc.constantFrom(...TEACHING_METHODS),
        fc.constantFrom(WIDTHS.wide, WIDTHS.narrow),
        (count, method, width) => {
          const places = placeStudents(count, width)
          for (const [i, { x, y, radius }] of places.entries()) {
            expect([
              x - radius >= 0,
              x + radius <= width,
              y - radius >= 0,
              y + radius <= heightOf(count),
            ]).not.toContain(false)
            const next = places[i + 1]
            if (next) expect(Math.hypot(next.x - x, next.y - y)).toBeGreaterThan(radius + next.radius)
          }
          for (const lesson of lessonsOf({ method }, count)) {
            const numbers =
              drawLesson(lesson, places, width)
                ?.line.match(/-?[\d.]+/g)
                ?.map(Number) ?? []
            expect(numbers).toHaveLength(6)
            expect(numbers.every(Number.isFinite)).toBe(true)
          }
        },
      ),
    )
  })
})

describe('the thickness of an arrow', () => {
  const learning = applyEvent(
    openFeed(pageRun()),
    metricsEvent(1, [seriesOf(1, 'mutualLoss', { 1: 0.9, 2: 0.4 })]),
  )

  it('is the newest loss from the peers while a run trains, and unknown before', () => {
    expect(lessonStrength(learning, { from: 0, to: 1 })).toBe(0.4)
    expect(lessonStrength(learning, { from: 1, to: 0 })).toBeNull()
    expect(lessonStrength(learning, { from: 'LABELS', to: 1 })).toBeNull()
  })

  it('is the divergence of just these two once the test images have been asked', () => {
    const evaluated = evaluationEvent(2)
    const peerDivergence = [
      [0, 0.25],
      [0.75, 0],
    ]
    const event = {
      ...evaluated,
      evaluation: evaluated.evaluation && { ...evaluated.evaluation, peerDivergence },
    }
    const feed = applyEvent(learning, event)
    expect(lessonStrength(feed, { from: 0, to: 1 })).toBe(0.25)
    expect(lessonStrength(feed, { from: 1, to: 0 })).toBe(0.75)
  })
})
