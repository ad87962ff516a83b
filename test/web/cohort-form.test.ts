import { describe, expect, it } from 'vitest'
import { Cohort, TEACHING_METHODS } from '../../contract/cohort.ts'
import { cohortRules, firstValues, toInput } from '../../web/features/cohorts/cohort-form-values.ts'
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
