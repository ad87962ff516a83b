import { describe, expect, test } from 'vitest'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import {
  noteShortenedWarmup,
  PRESET_NAMES,
  RECIPE_PRESETS,
  resolveRecipe,
} from '../../../contract/recipes/recipe-presets.ts'

describe('resolveRecipe', () => {
  test.each(PRESET_NAMES)('gives a whole, valid recipe for the preset %s', (preset) => {
    expect(Recipe.parse(resolveRecipe(preset))).toEqual(resolveRecipe(preset))
    expect(RECIPE_PRESETS[preset].description).not.toBe('')
  })

  test('shortens a preset’s warm-up that would be the whole training, and says so; the user’s own stays', () => {
    expect(resolveRecipe('quick', { epochs: 1 }).schedule).toEqual({ kind: 'COSINE', warmupEpochs: 0.5 })
    expect(noteShortenedWarmup('quick', { epochs: 1 })).toMatch(/“quick”, 1 epoch,.* shortened to 0\.5/)
    expect(noteShortenedWarmup('quick', { epochs: 2 })).toBeUndefined()
    expect(noteShortenedWarmup('quick', { epochs: 1, schedule: { kind: 'CONSTANT' } })).toBeUndefined()
    const own = { epochs: 1, schedule: { kind: 'COSINE', warmupEpochs: 1 } }
    expect(() => resolveRecipe('quick', own)).toThrow(/warm-up/)
  })

  test('is the paper’s for CIFAR, to the number', () => {
    expect(resolveRecipe('cifar-paper')).toEqual({
      epochs: 200,
      batchSize: 64,
      optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 5e-4, skipDepthwise: false },
      learningRate: 0.1,
      schedule: { kind: 'STEP', everyEpochs: 60, factor: 0.1, warmupEpochs: 0 },
      augmentation: { cropPadding: 4, flip: true, erasing: 0, mixup: 0, cutmix: 0 },
      evaluateEveryEpochs: 1,
      inputSize: null,
      clipNorm: null,
      labelSmoothing: 0,
      classWeights: 'NONE',
      classSampling: 'NATURAL',
      teachingRampUpEpochs: 0,
      unlabelledRatio: 0,
      labelNoise: 0,
      averageDecay: null,
      precision: 'FLOAT32',
      validationShare: 0,
      deliveredCheckpoint: 'BEST',
      earlyStoppingEpochs: null,
    })
  })

  test('is the paper’s for Market-1501, to the number', () => {
    const recipe = resolveRecipe('market-paper')
    expect(recipe).toMatchObject({
      batchSize: 16,
      optimizer: { kind: 'ADAM', beta1: 0.5, beta2: 0.999, weightDecay: 4e-5, skipDepthwise: true },
      learningRate: 2e-4,
      schedule: { kind: 'CONSTANT' },
      augmentation: { cropPadding: 0, flip: true },
      averageDecay: 0.9999,
      labelSmoothing: 0.1,
      inputSize: { height: 224, width: 224 },
    })
    // The first whole number of epochs that reaches 100,000 steps on Market-1501's 12,936 images.
    const perEpoch = Math.floor(12_936 / recipe.batchSize)
    expect(Math.ceil(100_000 / perEpoch)).toBe(recipe.epochs)
  })

  test('makes 40 % of the labels wrong under noisy-labels, and none otherwise', () => {
    const shares = Object.fromEntries(PRESET_NAMES.map((name) => [name, resolveRecipe(name).labelNoise]))
    expect(shares).toEqual({ 'cifar-paper': 0, 'market-paper': 0, 'noisy-labels': 0.4, quick: 0 })
  })

  test('reads a recipe that was stored before the later keys came', () => {
    const stored = {
      epochs: 8,
      batchSize: 64,
      optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      learningRate: 0.2,
      schedule: { kind: 'COSINE', warmupEpochs: 1 },
      augmentation: { cropPadding: 1, flip: true },
      evaluateEveryEpochs: 1,
    }
    expect(Recipe.parse(stored)).toEqual(resolveRecipe('quick'))
  })

  test('does not fill an optimizer’s settings from another one’s', () => {
    expect(resolveRecipe('quick', { optimizer: { kind: 'ADAMW', weightDecay: 0.05 } }).optimizer).toEqual({
      kind: 'ADAMW',
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.05,
      skipDepthwise: false,
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
    ['a momentum of Adam', { optimizer: { kind: 'ADAM', momentum: 0.9, weightDecay: 0 } }, 'momentum'],
    [
      'epochs that fall back',
      { schedule: { kind: 'MULTI_STEP', atEpochs: [3, 3], factor: 0.1 } },
      'increase',
    ],
    ['classes balanced twice', { classWeights: 'BALANCED', classSampling: 'BALANCED' }, 'balanced twice'],
    ['more noise than labels', { labelNoise: 1.1 }, 'labelNoise'],
  ])('refuses %s by name', (_, overrides, name) => {
    expect(() => resolveRecipe('quick', overrides)).toThrow(name)
  })
})
