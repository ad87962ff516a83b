import { describe, expect, test } from 'vitest'
import { PRESET_NAMES, RECIPE_PRESETS, Recipe, resolveRecipe } from '../../contract/recipe.ts'

describe('resolveRecipe', () => {
  test.each(PRESET_NAMES)('gives a whole, valid recipe for the preset %s', (preset) => {
    expect(Recipe.parse(resolveRecipe(preset))).toEqual(resolveRecipe(preset))
    expect(RECIPE_PRESETS[preset].description).not.toBe('')
  })

  test('is the paper’s for CIFAR, to the number', () => {
    expect(resolveRecipe('cifar-paper')).toEqual({
      epochs: 200,
      batchSize: 64,
      optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: 0.1,
      schedule: { kind: 'STEP', everyEpochs: 60, factor: 0.1 },
      augmentation: { cropPadding: 4, flip: true },
      evaluateEveryEpochs: 1,
    })
  })

  test('lets a person’s own keys win over the preset’s', () => {
    expect(resolveRecipe('quick', { epochs: 3, learningRate: 0.02 })).toMatchObject({
      epochs: 3,
      learningRate: 0.02,
    })
  })

  test.each([
    ['an unknown key', { epoch: 3 }, 'epoch'],
    ['an unknown nested key', { augmentation: { cropPadding: 4, flip: true, cutout: 8 } }, 'cutout'],
    ['a rate of nothing', { learningRate: 0 }, 'learningRate'],
    ['half an epoch', { epochs: 1.5 }, 'epochs'],
    [
      'a warm-up as long as the training',
      { epochs: 2, schedule: { kind: 'COSINE', warmupEpochs: 2 } },
      'warmup',
    ],
  ])('refuses %s by name', (_, overrides, name) => {
    expect(() => resolveRecipe('quick', overrides)).toThrow(name)
  })
})
