import { expect, it } from 'vitest'
import { Cohort } from '../../../contract/cohort.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { checkFork, joinedAfter } from '../../../contract/runs/fork.ts'

const dataset = { kind: 'CLASSIFICATION', splits: { train: { count: 640 } } } as PackedDataset
const recipe = resolveRecipe('quick', { epochs: 4, batchSize: 64 })

function cohortOf(students: Record<string, string>, teaching: object = {}): Cohort {
  const named = Object.entries(students).map(([name, architecture]) => ({ name, architecture }))
  return Cohort.parse({ students: named, teaching })
}

const two = cohortOf({ ada: 'resnet-8', ben: 'resnet-14' })

function reasonOf(to: Partial<{ cohort: Cohort; recipe: object }>, from = two, step = 15) {
  const changed = { cohort: to.cohort ?? from, recipe: Recipe.parse({ ...recipe, ...to.recipe }) }
  const misfit = checkFork({ cohort: from, recipe }, changed, { step, dataset })
  return misfit && `${misfit.path.join('.')}: ${misfit.reason}`
}

it('lets students come and go, and teaching, rates, weights and augmentation change', () => {
  expect(reasonOf({})).toBeUndefined()
  const eve = cohortOf({ eve: 'convnet-0.5', ben: 'resnet-14' }, { method: 'ENSEMBLE_TEACHER', weight: 2 })
  const others = { learningRate: 0.01, epochs: 9, labelSmoothing: 0.1, precision: 'BFLOAT16', clipNorm: 2 }
  const augmentation = { ...recipe.augmentation, mixup: 0.2, flip: false }
  expect(reasonOf({ cohort: eve, recipe: { ...others, augmentation } })).toBeUndefined()
  expect(reasonOf({ cohort: cohortOf({ ada: 'resnet-8' }, { method: 'INDEPENDENT' }) })).toBeUndefined()
})

it.each<[RegExp, object]>([
  [
    /recipe.batchSize: the order of images would be another than before step 15; leave it at 64/,
    { batchSize: 32 },
  ],
  [/recipe.inputSize: .*leave it at null/, { inputSize: { height: 32, width: 32 } }],
  [/recipe.labelNoise: the labels would be others/, { labelNoise: 0.1 }],
  [/recipe.validationShare: the training images/, { validationShare: 0.1 }],
  [/recipe.optimizer.kind: who stays has the state of SGD/, { optimizer: { kind: 'ADAM', weightDecay: 0 } }],
  [/recipe.averageDecay: .*neither begun nor dropped/, { averageDecay: 0.9 }],
  [
    /recipe.epochs: the checkpoint is of step 15, .* end with step 10; give it more epochs/,
    { epochs: 1, schedule: { kind: 'CONSTANT' } },
  ],
])('says by name what of a recipe must stay: %s', (words, changes) => {
  expect(reasonOf({ recipe: changes })).toMatch(words)
})

it('needs somebody who stays, as what they are', () => {
  expect(reasonOf({ cohort: cohortOf({ eve: 'resnet-8', fay: 'resnet-8' }) })).toMatch(
    /nobody of the run stays/,
  )
  expect(reasonOf({ cohort: cohortOf({ ada: 'resnet-20', ben: 'resnet-14' }) })).toMatch(
    /ada is a resnet-8 in the run and cannot stay as a resnet-20; give the newcomer a name of its own/,
  )
})

it('keeps the teacher of a distillation, and its stages', () => {
  const distilled = cohortOf({ ada: 'resnet-8', ben: 'resnet-14' }, { method: 'DISTILLATION' })
  const orphans = cohortOf({ ben: 'resnet-14', eve: 'resnet-8' }, { method: 'DISTILLATION' })
  expect(reasonOf({ cohort: orphans }, distilled)).toMatch(
    /learn from ada, which must stay the first student/,
  )
  expect(reasonOf({ cohort: distilled })).toMatch(
    /teaching.method: a run under MUTUAL cannot go on under DISTILLATION/,
  )
  expect(reasonOf({ cohort: two }, distilled)).toMatch(/under DISTILLATION cannot go on under MUTUAL/)
  expect(reasonOf({ recipe: { epochs: 9 } }, distilled)).toMatch(/recipe.epochs: under DISTILLATION/)
  const more = cohortOf({ ada: 'resnet-8', eve: 'resnet-8' }, { method: 'DISTILLATION' })
  // Eighty steps, of which the teacher has the first forty.
  expect(reasonOf({ cohort: more }, distilled, 75)).toBeUndefined()
})

it('remembers when each student joined, over several forks', () => {
  const fork = { sha256: '0'.repeat(64), step: 10, joined: { ben: 10 } }
  const next = cohortOf({ ben: 'resnet-14', ada: 'resnet-8', eve: 'resnet-8' })
  expect(joinedAfter({ cohort: two, fork }, next, 20)).toEqual({ ben: 10, eve: 20 })
  expect(joinedAfter({ cohort: two }, cohortOf({ ada: 'resnet-8', eve: 'resnet-8' }), 20)).toEqual({
    eve: 20,
  })
})

it('takes a student for one of the first step whatever it is called', () => {
  const builders = cohortOf({ constructor: 'resnet-8', ben: 'resnet-8' })
  const fork = { sha256: '0'.repeat(64), step: 10, joined: { ben: 10 } }
  expect(joinedAfter({ cohort: builders, fork }, builders, 20)).toEqual({ ben: 10 })
})
