import { describe, expect, it } from 'vitest'
import { Recipe } from '../../contract/recipes/recipe.ts'
import { PRESET_NAMES, resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import { checkRecipe } from '../../web/features/recipe/check-recipe.ts'
import { RECIPE_FIELDS } from '../../web/features/recipe/field-table.ts'
import { defineRecipe } from '../../web/features/recipe/recipe-definition.ts'
import { writeAt } from '../../web/features/recipe/recipe-paths.ts'
import {
  overridesOf,
  type RecipeValues,
  recipeOf,
  valuesOf,
} from '../../web/features/recipe/recipe-values.ts'
import { describePart, describeRecipe } from '../../web/features/recipe/recipe-words.ts'

function change(values: RecipeValues, changes: Record<string, unknown>): RecipeValues {
  return Object.entries(changes).reduce((before, [path, value]) => writeAt(before, path, value), values)
}

describe('the form of a recipe', () => {
  it.each(PRESET_NAMES)('holds every part of the preset %s and changes none by itself', (name) => {
    const preset = resolveRecipe(name)
    const values = valuesOf(preset)
    expect(recipeOf(values)).toEqual(preset)
    expect(overridesOf(values, preset)).toEqual({})
    expect(checkRecipe(values, preset)).toEqual({})
  })

  it('sends what was changed and nothing else, whole', () => {
    const preset = resolveRecipe('quick')
    const values = valuesOf(preset)
    const changed = change(values, {
      'optimizer.kind': 'ADAMW',
      'optimizer.weightDecay': 0.05,
      'schedule.kind': 'MULTI_STEP',
      'schedule.atEpochs': '3, 6',
      'schedule.warmupEpochs': 0,
      'inputSize.height': 32,
      'inputSize.width': 32,
      clipNorm: 1,
      precision: 'BFLOAT16',
    })
    const overrides = overridesOf(changed, preset)
    expect(Object.keys(overrides).sort()).toEqual([
      'clipNorm',
      'inputSize',
      'optimizer',
      'precision',
      'schedule',
    ])
    expect(resolveRecipe('quick', overrides)).toEqual({
      ...preset,
      optimizer: {
        kind: 'ADAMW',
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0.05,
        skipDepthwise: false,
      },
      schedule: { kind: 'MULTI_STEP', atEpochs: [3, 6], factor: 0.1, warmupEpochs: 0 },
      inputSize: { height: 32, width: 32 },
      clipNorm: 1,
      precision: 'BFLOAT16',
    })
  })

  it('halves a warm-up that the preset brought where it would be as long as the training', () => {
    const preset = resolveRecipe('quick')
    const values = change(valuesOf(preset), { epochs: 1 })
    const overrides = overridesOf(values, preset)
    expect(checkRecipe(values, preset)).toEqual({})
    expect(overrides).toEqual({ epochs: 1, schedule: { kind: 'COSINE', warmupEpochs: 0.5 } })
    expect(Recipe.safeParse({ ...preset, ...overrides }).success).toBe(true)
  })

  it.each([
    ['epochs', 0],
    ['batchSize', 1.5],
    ['learningRate', 0],
    ['labelSmoothing', 1],
    ['averageDecay', 1],
    ['clipNorm', 0],
    ['labelNoise', 1.5],
  ] as const)('says before the service does that %s cannot be %s', (key, value) => {
    const preset = resolveRecipe('quick')
    const values = change(valuesOf(preset), { [key]: value })
    expect(Object.keys(checkRecipe(values, preset))).toEqual([`recipe.${key}`])
    expect(() => resolveRecipe('quick', { [key]: value })).toThrow()
  })

  it.each([
    ['60, 30', false],
    ['30, 30', false],
    ['30, 60', true],
    [' 30;60  90 ', true],
    ['0, 30', false],
    ['30, 60.5', false],
    ['30, sixty', false],
    ['9999 10000', true],
    ['10000 10001', false],
    ['', false],
    [Array.from({ length: 100 }, (_, i) => i + 1).join(' '), true],
    [Array.from({ length: 101 }, (_, i) => i + 1).join(' '), false],
  ])('takes the epochs of a multi-step schedule where the service does: %s', (atEpochs, isTaken) => {
    const preset = resolveRecipe('quick')
    const changed = change(valuesOf(preset), { 'schedule.kind': 'MULTI_STEP', 'schedule.atEpochs': atEpochs })
    expect(Object.keys(checkRecipe(changed, preset))).toEqual(isTaken ? [] : ['recipe.schedule.atEpochs'])
    expect(Recipe.safeParse({ ...preset, ...overridesOf(changed, preset) }).success).toBe(isTaken)
  })

  it.each([
    [{ epochs: 0.5 }, { 'recipe.epochs': 'Enter a whole number from 1 to 10,000.' }],
    [{ learningRate: '' }, { 'recipe.learningRate': 'Enter a number above 0 and at most 100.' }],
    [{ 'inputSize.width': 32 }, { 'recipe.inputSize.height': 'Enter a whole number from 8 to 512.' }],
    [
      { 'schedule.kind': 'MULTI_STEP', 'schedule.atEpochs': '30, sixty' },
      { 'recipe.schedule.atEpochs': 'Enter up to 100 numbers, each a whole number from 1 to 10,000.' },
    ],
    [
      { 'schedule.kind': 'MULTI_STEP', 'schedule.atEpochs': '60, 30' },
      { 'recipe.schedule.atEpochs': 'The epochs of a multi-step schedule must increase.' },
    ],
    [
      { 'schedule.warmupEpochs': 9 },
      {
        'recipe.schedule.warmupEpochs':
          'The warm-up is as long as the whole training; make it shorter than epochs.',
      },
    ],
    // Chosen away, a setting may hold what it likes.
    [{ 'optimizer.beta1': 7 }, {}],
  ])('says of %o what would be right', (changes, errors) => {
    const preset = resolveRecipe('quick')
    expect(checkRecipe(change(valuesOf(preset), changes), preset)).toEqual(errors)
  })
})

describe('a recipe in words', () => {
  it('names what a person chose or could wonder about, and leaves out what is off', () => {
    expect(describeRecipe(resolveRecipe('quick', { labelNoise: 0.4, clipNorm: 1 }))).toEqual([
      ['Epochs', '8'],
      ['Batch size', '64'],
      ['Learning rate', '0.2'],
      ['Optimizer', 'SGD'],
      ['Weight decay', '0.0005'],
      ['Momentum', '0.9'],
      ['Gradient norm', '1'],
      ['Nesterov momentum', 'yes'],
      ['Schedule', 'Cosine to 0'],
      ['Warm-up', '1'],
      ['Evaluate every', '1'],
      ['Crop border', '1'],
      ['Random horizontal flip', 'yes'],
      ['Label noise', '0.4'],
    ])
  })

  it('describes a recipe of before some of its fields were there', () => {
    const { precision: _, labelNoise: __, ...old } = resolveRecipe('quick')
    expect(describeRecipe(old)).toEqual(describeRecipe(resolveRecipe('quick')))
  })

  it('says a preset’s part in a line', () => {
    const recipe = resolveRecipe('market-paper')
    expect(describePart(recipe, 'optimizer')).toEqual([
      'Optimizer',
      'Adam, Weight decay 0.00004, Beta 1 0.5, Exclude depthwise from decay yes',
    ])
    expect(describePart(recipe, 'inputSize')).toEqual(['Input size', 'Input width 224, Input height 224'])
    expect(describePart(recipe, 'augmentation')).toEqual([
      'Augmentation',
      'Crop border 0, Random horizontal flip yes',
    ])
    expect(describePart(recipe, 'labelSmoothing')).toEqual(['Label smoothing', '0.1'])
  })
})

describe('the table of recipe fields', () => {
  it('is refused where it lacks a value of the schema, or has one that no recipe has', () => {
    const { epochs: _, ...short } = RECIPE_FIELDS
    expect(() => defineRecipe(Recipe, short)).toThrow('no line for epochs')
    expect(() => defineRecipe(Recipe, { ...RECIPE_FIELDS, 'optimizer.gamma': { label: 'Gamma' } })).toThrow(
      '“optimizer.gamma”, which no recipe has',
    )
  })
})
