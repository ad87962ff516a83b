import { describe, expect, it } from 'vitest'
import { Recipe } from '../../contract/recipe.ts'
import { PRESET_NAMES, resolveRecipe } from '../../contract/recipe-presets.ts'
import { checkRecipe } from '../../web/features/recipe/recipe-rules.ts'
import {
  overridesOf,
  type RecipeValues,
  recipeOf,
  valuesOf,
} from '../../web/features/recipe/recipe-values.ts'

describe('the form of a recipe', () => {
  it.each(PRESET_NAMES)('holds every part of the preset %s and changes none by itself', (name) => {
    const preset = resolveRecipe(name)
    const values = valuesOf(preset)
    expect(recipeOf(values)).toEqual(preset)
    expect(overridesOf(values, preset)).toEqual({})
    expect(checkRecipe(values)).toEqual({})
  })

  it('sends what was changed and nothing else, whole', () => {
    const preset = resolveRecipe('quick')
    const values = valuesOf(preset)
    const changed: RecipeValues = {
      ...values,
      optimizer: { ...values.optimizer, kind: 'ADAMW', weightDecay: 0.05 },
      schedule: { ...values.schedule, kind: 'MULTI_STEP', atEpochs: '3, 6', warmupEpochs: 0 },
      inputSize: { height: 32, width: 32 },
      clipNorm: 1,
      precision: 'BFLOAT16',
    }
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
      optimizer: { kind: 'ADAMW', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
      schedule: { kind: 'MULTI_STEP', atEpochs: [3, 6], factor: 0.1, warmupEpochs: 0 },
      inputSize: { height: 32, width: 32 },
      clipNorm: 1,
      precision: 'BFLOAT16',
    })
  })

  it('halves a warm-up that the preset brought where it would be as long as the training', () => {
    const preset = resolveRecipe('quick')
    const overrides = overridesOf({ ...valuesOf(preset), epochs: 1 }, preset)
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
    const values = { ...valuesOf(resolveRecipe('quick')), [key]: value }
    expect(Object.keys(checkRecipe(values))).toEqual([`recipe.${key}`])
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
    const values = valuesOf(preset)
    const changed = { ...values, schedule: { ...values.schedule, kind: 'MULTI_STEP', atEpochs } }
    expect(Object.keys(checkRecipe(changed))).toEqual(isTaken ? [] : ['recipe.schedule.atEpochs'])
    expect(Recipe.safeParse({ ...preset, ...overridesOf(changed, preset) }).success).toBe(isTaken)
  })
})
