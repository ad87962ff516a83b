import { describe, expect, test } from 'vitest'
import { Cohort, countStages, MAX_STUDENTS } from '../../contract/cohort.ts'

const students = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `student-${i + 1}`, architecture: 'resnet-20' }))
const INDEPENDENT = { method: 'INDEPENDENT' }

function messagesFor(input: unknown): string[] {
  return Cohort.safeParse(input).error?.issues.map((issue) => issue.message) ?? []
}

describe('Cohort', () => {
  test('takes the paper’s teaching where nothing is said', () => {
    expect(Cohort.parse({ students: students(2) }).teaching).toEqual({
      method: 'MUTUAL',
      updateRule: 'SEQUENTIAL',
      partnerRule: 'ALL',
      temperature: 1,
      weight: 1,
      divergence: 'KL',
      featureWeight: 0,
      targetClassWeight: 1,
      otherClassesWeight: 8,
      standardizesLogits: false,
      ensembleRule: 'MEAN_POSTERIOR',
      peerAverageDecay: null,
      pausesLeader: false,
    })
  })

  test('lets a single student train alone, and only alone', () => {
    expect(messagesFor({ students: students(1), teaching: INDEPENDENT })).toEqual([])
    expect(messagesFor({ students: students(1) })[0]).toContain('at least two')
  })

  test('lets only mutual learners choose a partner', () => {
    const partnerRule = 'ONE_PER_EPOCH'
    expect(messagesFor({ students: students(3), teaching: { partnerRule } })).toEqual([])
    for (const method of ['ENSEMBLE_TEACHER', 'INDEPENDENT', 'DISTILLATION'])
      expect(messagesFor({ students: students(3), teaching: { method, partnerRule } })[0]).toContain('MUTUAL')
  })

  test('matches features only between students with as many of them', () => {
    const [first] = students(1)
    const other = { name: 'other', architecture: 'wrn-16-2' }
    const teaching = { featureWeight: 0.5 }
    expect(messagesFor({ students: students(2), teaching })).toEqual([])
    expect(messagesFor({ students: [first, other], teaching })).toEqual([
      'features are matched only between students with as many of them: resnet-20 has 64, wrn-16-2 has 128; choose students of one width, or 0',
    ])
    expect(messagesFor({ students: [first, other] })).toEqual([])
  })

  test.each([
    [{ ensembleRule: 'LEAST_LOSS' }, 'only under ENSEMBLE_TEACHER'],
    [
      { method: 'ENSEMBLE_TEACHER', ensembleRule: 'LEAST_LOGITS', featureWeight: 1 },
      'the ensemble of LEAST_LOGITS has logits and no features',
    ],
    [{ method: 'DISTILLATION', peerAverageDecay: 0.9 }, 'only peers teach by an average'],
    [{ method: 'DISTILLATION', pausesLeader: true }, 'nobody is ahead where no peers teach'],
    [{ pausesLeader: true, peerAverageDecay: 0.9 }, 'leave out this or peerAverageDecay'],
    [{ peerAverageDecay: 1 }, 'to be <1'],
    [{ divergence: 'DECOUPLED_KL', otherClassesWeight: 101 }, '<=100'],
  ])('refuses %j by name', (teaching, words) => {
    expect(messagesFor({ students: students(2), teaching }).join()).toContain(words)
  })

  test('goes through the epochs twice under DISTILLATION, which needs a teacher and a learner', () => {
    const teaching = { method: 'DISTILLATION' }
    expect(countStages(Cohort.parse({ students: students(2), teaching }).teaching, false)).toBe(2)
    expect(countStages(Cohort.parse({ students: students(2), teaching }).teaching, true)).toBe(1)
    expect(countStages(Cohort.parse({ students: students(2) }).teaching, false)).toBe(1)
    expect(messagesFor({ students: students(1), teaching })[0]).toContain('at least two')
  })

  test.each([0, MAX_STUDENTS + 1, 100])('refuses %i students', (count) => {
    expect(messagesFor({ students: students(count), teaching: INDEPENDENT })).not.toEqual([])
  })

  test('names the architecture that it does not know, and those that it does', () => {
    const [message] = messagesFor({ students: [...students(1), { name: 'b', architecture: 'resnet-21' }] })
    expect(message).toContain('resnet-21')
    expect(message).toContain('resnet-32')
  })

  test('refuses two students of one name', () => {
    expect(messagesFor({ students: [...students(1), ...students(1)] })).toEqual([
      'two students have the same name',
    ])
  })
})
