import { expect, it } from 'vitest'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import {
  type CohortValues,
  cohortRules,
  nextStudent,
} from '../../../web/features/cohorts/cohort-form-values.ts'
import {
  changesOf,
  isOtherCohort,
  nameFrom,
  recipeChanges,
  valuesOf,
  whyNotWith,
  whyTooShort,
  withOwnBeginnings,
} from '../../../web/features/forks/fork-values.ts'
import { pageRun } from '../runs/page-run.ts'

const { cohort } = pageRun()
const first = valuesOf(cohort, 600)
const [ada, grace] = first.students
if (!ada || !grace) throw new Error('the run has two students')

it('is the run’s own cohort until somebody changes more than its name', () => {
  expect(isOtherCohort(first, { ...first, name: 'Another name' })).toBe(false)
  expect(isOtherCohort(first, valuesOf(cohort, 700))).toBe(false)
  expect(isOtherCohort(first, { ...first, weight: 2 })).toBe(true)
  expect(isOtherCohort(first, { ...first, students: first.students.slice(1) })).toBe(true)
})

it('has a teaching that the form takes as it is, and a name that is short enough', () => {
  const rules = ['temperature', 'weight', 'featureWeight', 'otherClassesWeight', 'peerAverageDecay'] as const
  expect(rules.map((key) => cohortRules[key](first[key], first))).toEqual(rules.map(() => null))
  expect(nameFrom('Two small ones', 600)).toBe('Two small ones, from step 600')
  expect(nameFrom('a'.repeat(120), 600)).toBe(`${'a'.repeat(105)}, from step 600`)
})

it('tells who stays, joins and leaves, and gives no newcomer the name of one who left', () => {
  const left = first.students.slice(1)
  const eve = { ...nextStudent(left, 'resnet-8', ['student-2', 'ada']), key: 'eve' }
  expect(eve.name).toBe('student-3')
  expect(changesOf(first.students, [...left, eve])).toEqual([
    { name: 'grace', what: 'stays' },
    { name: 'student-3', what: 'joins' },
    { name: 'ada', what: 'leaves' },
  ])
})

it('lets whoever stays begin as it began, though the form forgets that with its architecture', () => {
  const begun = { ...first, students: [{ ...ada, startModelId: 'mdl_1' }, grace] }
  const eve = { ...ada, name: 'eve' }
  const { students } = withOwnBeginnings(begun, { ...first, students: [ada, eve] })
  expect(students.map(({ startModelId }) => startModelId)).toEqual(['mdl_1', null])
})

it.each<[string, Partial<CohortValues>, RegExp | null]>([
  ['a newcomer', { students: [ada, { ...grace, name: 'eve', architecture: 'resnet-14' }] }, null],
  ['strangers alone', { students: [{ ...ada, name: 'eve' }] }, /^Nobody of the run stays/],
  [
    'another network of the name',
    { students: [{ ...ada, architecture: 'resnet-14' }] },
    /^The student ada is a/,
  ],
  ['a distillation', { method: 'DISTILLATION' }, /^A run under MUTUAL cannot go on under DISTILLATION.*\.$/],
])('knows before a cohort is made whether the run can go on with %s', (_, changes, told) => {
  const why = whyNotWith(first, { ...first, ...changes }, resolveRecipe('quick'), 5)
  if (told === null) expect(why).toBeNull()
  else expect(why).toMatch(told)
})

it('asks for epochs that leave something to train', () => {
  const run = { epochs: 5, steps: 1_500 }
  expect(whyTooShort(5, 1_499, run)).toBeNull()
  expect(whyTooShort(6, 1_500, run)).toBeNull()
  expect(whyTooShort(5, 1_500, run)).toBe(
    'The checkpoint is of step 1,500, and so many epochs end with step 1,500: give it more.',
  )
  expect(whyTooShort(1, 1_500, { ...run, steps: null })).toBeNull()
})

it('sends of the recipe what differs', () => {
  const recipe = { epochs: 8, learningRate: 0.1 }
  expect(recipeChanges(recipe, recipe)).toEqual({})
  expect(recipeChanges(recipe, { epochs: '12', learningRate: 0.1 })).toEqual({ epochs: 12 })
})
