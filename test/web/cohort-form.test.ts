import { describe, expect, it } from 'vitest'
import { familyOf } from '../../contract/architectures.ts'
import { Cohort, TEACHING_METHODS } from '../../contract/cohort.ts'
import { costOfCohort } from '../../web/features/cohorts/cohort-cost.ts'
import {
  cohortRules,
  firstValues,
  studentsOf,
  toInput,
} from '../../web/features/cohorts/cohort-form-values.ts'
import { PAPER_TEMPLATES, USUAL_TEMPLATES } from '../../web/features/cohorts/cohort-templates.ts'
import { methodLabel, teachingMethods } from '../../web/features/cohorts/teaching-words.ts'

const values = firstValues('resnet-20')
const named = (name: string) => ({
  ...values,
  students: values.students.map((student, index) => (index === 0 ? { ...student, name } : student)),
})
/** As the service checks it: without the key that only the form knows, and the finished model that it looks up. */
const isTaken = ({ students, teaching }: ReturnType<typeof toInput>) =>
  Cohort.safeParse({
    students: students.map(({ name, architecture }) => ({ name, architecture })),
    teaching,
  }).success

describe('the form of a cohort', () => {
  it('begins with a cohort that the service takes, taught as the contract has it', () => {
    expect(isTaken(toInput(values, 'team'))).toBe(true)
    expect(values).toMatchObject({ method: 'MUTUAL', updateRule: 'SEQUENTIAL', temperature: 1, weight: 1 })
  })

  it.each(['ada', 'a.b_c-9', '', '-ada', 'Ada', 'a'.repeat(40), 'a'.repeat(41), 'student-2'])(
    'takes the name “%s” of a student where the service does',
    (name) => {
      const isFine = cohortRules.students.name(name, named(name)) === null
      expect(isFine).toBe(isTaken(toInput(named(name), 'team')))
    },
  )

  it.each(['temperature', 'weight'] as const)('takes a %s where the service does', (field) => {
    for (const value of [-1, 0, 0.05, 0.1, 1, 100, 100.5]) {
      const isFine = cohortRules[field](value) === null
      expect([value, isFine]).toEqual([value, isTaken(toInput({ ...values, [field]: value }, 'team'))])
    }
    expect(cohortRules[field]('')).toMatch(/^Enter a number from [\d.]+ to 100\.$/)
  })

  it('takes what was typed into a field that is no longer shown for nothing', () => {
    const typed = { ...values, targetClassWeight: '', otherClassesWeight: 500, peerAverageDecay: 2 }
    const problems = (changes: object) => {
      const shown = { ...typed, ...changes }
      const { targetClassWeight, otherClassesWeight, peerAverageDecay } = cohortRules
      return [
        targetClassWeight(shown.targetClassWeight, shown),
        otherClassesWeight(shown.otherClassesWeight, shown),
        peerAverageDecay(shown.peerAverageDecay, shown),
      ].map((problem) => problem !== null)
    }
    expect(problems({ divergence: 'DECOUPLED_KL' })).toEqual([true, true, true])
    expect(problems({ method: 'INDEPENDENT', divergence: 'DECOUPLED_KL' })).toEqual([false, false, false])
    expect(problems({ method: 'DISTILLATION' })).toEqual([false, false, false])
    expect(isTaken(toInput({ ...typed, method: 'DISTILLATION' }, 'team'))).toBe(true)
  })

  it('sends the model that a student begins with, and frozen epochs of nothing else', () => {
    const [first, second] = values.students
    const students = [{ ...first!, startModelId: 'mdl_1' }, second!]
    const started = { ...values, students, frozenEpochs: 2, finishedModelId: 'mdl_2' }
    const sent = (method: typeof values.method) =>
      toInput({ ...started, method }, 'team').students.map(({ startModelId, frozenEpochs }) => [
        startModelId,
        frozenEpochs,
      ])
    expect(sent('MUTUAL')).toEqual([
      ['mdl_1', 2],
      [null, 0],
    ])
    // A finished teacher is not trained.
    expect(sent('DISTILLATION')).toEqual([
      [null, 0],
      [null, 0],
    ])
    expect(cohortRules.frozenEpochs(-1)).not.toBeNull()
  })

  it('offers every method of teaching, each by its name', () => {
    expect(teachingMethods.map(({ value }) => value)).toEqual(TEACHING_METHODS)
    expect(methodLabel('ENSEMBLE_TEACHER')).toBe('Ensemble as teacher')
  })
})

describe('what a cohort costs', () => {
  const network = (name: string, multiplyAdds: number, milliseconds: number | null) => ({
    name,
    multiplyAdds,
    stepTimes: milliseconds === null ? [] : [{ device: 'CPU' as const, milliseconds }],
  })
  const cohort = (...architectures: string[]) => ({ ...values, students: studentsOf(architectures) })

  it('is compared by measured steps with its smallest student alone', () => {
    const networks = [network('small', 10, 20), network('large', 100, 60)]
    expect(costOfCohort(cohort('large', 'small'), networks)).toEqual({
      alone: 'student-2',
      ratio: 4,
      measured: { device: 'CPU', aloneMs: 20, cohortMs: 80 },
    })
  })

  it('is compared by multiply-adds where one of the networks was not measured', () => {
    const networks = [network('small', 10, 20), network('large', 100, null)]
    expect(costOfCohort(cohort('large', 'small'), networks)).toEqual({
      alone: 'student-2',
      ratio: 11,
      measured: null,
    })
    expect(costOfCohort(cohort('small', 'unknown'), networks)).toBeNull()
  })

  it('leaves out a teacher that is trained already', () => {
    const taught = { ...cohort('large', 'small'), method: 'DISTILLATION' as const }
    const networks = [network('small', 10, 20), network('large', 100, 60)]
    expect(costOfCohort({ ...taught, finishedModelId: 'mdl_1' }, networks)?.ratio).toBe(1)
    expect(costOfCohort(taught, networks)?.ratio).toBe(4)
  })
})

it('offers templates that the service takes', () => {
  for (const { architectures } of [...USUAL_TEMPLATES, ...PAPER_TEMPLATES]) {
    const students = studentsOf(architectures)
    expect(new Set(students.map(({ name }) => name)).size).toBe(architectures.length)
    expect(architectures.filter((name) => familyOf(name) === undefined)).toEqual([])
  }
})
