import { describe, expect, it } from 'vitest'
import { AlarmWatch } from '../../../contract/alarms/alarm-watch.ts'
import { Hysteresis } from '../../../contract/alarms/hysteresis.ts'
import type { AlarmScene } from '../../../contract/alarms/scene.ts'
import { FINDING_REASONS } from '../../../contract/runs/finding-reasons.ts'
import type { MetricPoint } from '../../../contract/training.ts'

const SCENE: AlarmScene = {
  students: ['ada', 'ben'],
  classCount: 10,
  testCount: 2000,
  chance: 0.1,
  isMutual: true,
}

interface Epoch {
  top1: [number, number]
  divergence?: [number, number]
  ensemble?: number
  disagreement?: number
}

/** Points as a run records them: steps of two students and, after every tenth, their evaluation. */
function recorded(epochs: Epoch[], labelLoss: (step: number) => number = () => 1): MetricPoint[] {
  return epochs.flatMap(({ top1, divergence = [0.5, 0.5], ensemble, disagreement = 0.3 }, epoch) => {
    const step = 10 * (epoch + 1)
    const steps = Array.from({ length: 10 }, (_, i) => step - 9 + i)
    const point = (student: number | null, name: MetricPoint['name'], value: number) =>
      ({ student, name, step, value }) satisfies MetricPoint
    return [
      ...steps.flatMap((one) =>
        [0, 1].map((student) => ({ student, name: 'labelLoss' as const, step: one, value: labelLoss(one) })),
      ),
      ...top1.map((value, student) => point(student, 'testTop1', value)),
      ...divergence.map((value, student) => point(student, 'testDivergence', value)),
      point(null, 'testEnsembleTop1', ensemble ?? Math.max(...top1) + 0.03),
      point(null, 'testDisagreement', disagreement),
    ]
  })
}

function told(points: MetricPoint[], scene: Partial<AlarmScene> = {}, twin?: (step: number) => number) {
  const twins = twin && ((step: number) => new Map([[0, twin(step)]]))
  const changes = new AlarmWatch({ ...SCENE, ...scene }).take(points, twins)
  return changes.map(({ isOver, step, finding: { code, student } }) => [
    `${isOver ? '-' : '+'}${code}`,
    student,
    step,
  ])
}

const learning = (...shares: number[]): Epoch[] => shares.map((share) => ({ top1: [share, share - 0.02] }))

describe('a run in which nothing goes wrong', () => {
  it('raises no alarm', () => {
    expect(told(recorded(learning(0.3, 0.5, 0.62, 0.61, 0.66, 0.7)))).toEqual([])
  })
})

describe('a diverging student', () => {
  // Three times a uniform guess over ten classes is 6.9 nats.
  it('is told once, after ten steps, and no more when it has recovered', () => {
    const loss = (step: number) => (step >= 13 && step < 33 ? 8 : 1.2)
    const points = recorded(learning(0.3, 0.4, 0.5, 0.6, 0.65), loss)
    expect(told(points)).toEqual([
      ['+DIVERGED', 'ada', 22],
      ['+DIVERGED', 'ben', 22],
      ['-DIVERGED', 'ada', 42],
      ['-DIVERGED', 'ben', 42],
    ])
  })

  it('is not told of bad batches with a good one among them', () => {
    expect(told(recorded(learning(0.3, 0.4), (step) => (step % 10 === 0 ? 1 : 50)))).toEqual([])
  })

  it('is told whether its points come one by one or together', () => {
    const points = recorded(learning(0.3, 0.4, 0.5), (step) => (step > 5 ? 1e12 : 2))
    const watch = new AlarmWatch(SCENE)
    const losses = points.filter(({ name }) => name === 'labelLoss')
    const one = losses.flatMap((point) => watch.take([point]))
    expect(one).toEqual(new AlarmWatch(SCENE).take(losses))
    expect(one[0]?.finding).toEqual({
      code: 'DIVERGED',
      student: 'ada',
      message:
        'ada diverges: its training loss on the labels is 1.0e+12 at step 15, and a uniform guess over 10 classes has 2.30.',
      ...FINDING_REASONS.DIVERGED,
    })
  })
})

describe('a student at chance', () => {
  it('is told when it collapses, with what it had, and no more when it learns again', () => {
    const epochs = [0.4, 0.6, 0.1, 0.11, 0.1, 0.5].map((share): Epoch => ({ top1: [share, 0.6] }))
    expect(told(recorded(epochs))).toEqual([
      ['+AT_CHANCE', 'ada', 40],
      ['-AT_CHANCE', 'ada', 60],
    ])
    const [change] = new AlarmWatch(SCENE).take(recorded(epochs))
    expect(change?.finding.message).toBe(
      'ada collapsed to chance: 11.0 % of the 2000 test images are right at step 40, after 60.0 % at step 20, and 10.0 % would be by always answering the most frequent class.',
    )
  })

  it('gets time to leave it', () => {
    const epochs = [0.1, 0.1, 0.1].map((share): Epoch => ({ top1: [share, 0.6] }))
    expect(told(recorded(epochs.slice(0, 2)))).toEqual([])
    expect(told(recorded(epochs))).toEqual([['+AT_CHANCE', 'ada', 30]])
  })

  it('is not told of a student that does not learn yet, as under distillation', () => {
    const epochs = Array.from({ length: 5 }, (): Epoch => ({ top1: [0.6, 0.1] }))
    const points = recorded(epochs).filter(({ name, student }) => name !== 'labelLoss' || student === 0)
    expect(told(points, { isMutual: false })).toEqual([])
  })
})

describe('a student that a weaker peer drags down', () => {
  const fall: Epoch[] = [
    { top1: [0.5, 0.3], divergence: [0.6, 0.6] },
    { top1: [0.7, 0.35], divergence: [0.8, 0.8] },
    { top1: [0.6, 0.35], divergence: [1.1, 0.8] },
    { top1: [0.55, 0.35], divergence: [1.4, 0.8] },
    { top1: [0.52, 0.36], divergence: [1.5, 0.8] },
  ]

  it('is told with its best, its peer and how their distance grew', () => {
    expect(told(recorded(fall))).toEqual([['+DRAGGED', 'ada', 40]])
    const [change] = new AlarmWatch(SCENE).take(recorded(fall))
    expect(change?.finding.message).toBe(
      'ada is dragged down: 55.0 % of the test images are right at step 40, against 70.0 % at step 20, while its distance from its peers (KL) grew from 0.80 to 1.40 nats; its weakest peer ben has 35.0 %.',
    )
  })

  it('is told no more once it is back', () => {
    const back = [0.69, 0.7].map((share): Epoch => ({ top1: [share, 0.4], divergence: [0.8, 0.8] }))
    expect(told(recorded([...fall, ...back]))).toEqual([
      ['+DRAGGED', 'ada', 40],
      ['-DRAGGED', 'ada', 70],
    ])
  })

  it('is told by its twin where it never had been better', () => {
    const slow: Epoch[] = [0.4, 0.45, 0.5].map((share, i) => ({
      top1: [share, 0.2],
      divergence: [0.5 + 0.2 * i, 0.5],
    }))
    const twin = (step: number) => 0.4 + step / 100
    expect(told(recorded(slow), {}, twin)).toEqual([['+DRAGGED', 'ada', 30]])
    expect(told(recorded(slow))).toEqual([])
  })

  it('is not told where the peer is as good, the distance does not grow, or nobody learns from peers', () => {
    const strong = fall.map((epoch): Epoch => ({ ...epoch, top1: [epoch.top1[0], 0.7] }))
    expect(told(recorded(strong))).toEqual([])
    const near = fall.map((epoch): Epoch => ({ ...epoch, divergence: [0.8, 0.8] }))
    expect(told(recorded(near))).toEqual([])
    expect(told(recorded(fall), { isMutual: false })).toEqual([])
  })
})

describe('students that become alike', () => {
  const alike: Epoch[] = [
    { top1: [0.5, 0.5], ensemble: 0.56, disagreement: 0.5 },
    { top1: [0.6, 0.6], ensemble: 0.62, disagreement: 0.3 },
    { top1: [0.65, 0.65], ensemble: 0.651, disagreement: 0.12 },
    { top1: [0.66, 0.66], ensemble: 0.661, disagreement: 0.08 },
  ]

  it('are told, with what the ensemble gained and how often they differed', () => {
    expect(told(recorded(alike))).toEqual([['+ALIKE', null, 40]])
    const [change] = new AlarmWatch(SCENE).take(recorded(alike))
    expect(change?.finding.message).toBe(
      'The students become alike: at step 40 the ensemble gains 0.1 points over the average student (standard error 0.6 points), after 6.0 points at most, while their disagreement fell from 50.0 % to 8.0 % of the test images.',
    )
  })

  it('are told no more once they differ again', () => {
    const apart = [0.3, 0.32].map(
      (disagreement): Epoch => ({ top1: [0.66, 0.66], ensemble: 0.7, disagreement }),
    )
    expect(told(recorded([...alike, ...apart])).at(-1)).toEqual(['-ALIKE', null, 60])
  })

  it('are not alike because they are good: few errors, few disagreements, and still a gain', () => {
    const good = alike.map(
      (epoch, i): Epoch => ({ ...epoch, top1: [0.9 + 0.03 * i, 0.9 + 0.03 * i], ensemble: 0.99 }),
    )
    expect(told(recorded(good))).toEqual([])
  })
})

describe('hysteresis', () => {
  it('raises once and withdraws once, however the looks flicker', () => {
    const alarm = new Hysteresis({ raiseAfter: 2, withdrawAfter: 2 })
    const looks = [
      'BAD',
      'GOOD',
      'BAD',
      'BAD',
      'BAD',
      'BETWEEN',
      'GOOD',
      'BAD',
      'GOOD',
      'BETWEEN',
      'GOOD',
      'GOOD',
    ] as const
    expect(looks.map((look) => alarm.take(look))).toEqual([
      ...[null, null, null, 'RAISED', null, null, null, null, null, null, null, 'WITHDRAWN'],
    ])
  })
})
