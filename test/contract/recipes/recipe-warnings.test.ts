import { describe, expect, it } from 'vitest'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { PRESET_NAMES, resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { warnOfRecipe } from '../../../contract/recipes/recipe-warnings.ts'

const quick = resolveRecipe('quick')
const pathsOf = (changes: object, trainCount = 50_000) =>
  warnOfRecipe(Recipe.parse({ ...quick, ...changes }), trainCount).map(({ path }) => path)
const constant = { kind: 'CONSTANT', warmupEpochs: 0 }

describe('a recipe is warned of before it is started', () => {
  it.each(PRESET_NAMES)('never for the preset %s on a data set of usual size', (name) => {
    expect(warnOfRecipe(resolveRecipe(name), 50_000)).toEqual([])
  })

  it('where it has too few steps to learn much', () => {
    const [warning] = warnOfRecipe(
      Recipe.parse({ ...quick, epochs: 2, batchSize: 64, schedule: constant }),
      300,
    )
    expect(warning).toEqual({
      path: 'epochs',
      message: 'The training has only 8 steps. Add epochs, or make the batch smaller.',
    })
  })

  it('where a batch is the whole training set', () => {
    expect(pathsOf({ batchSize: 300 }, 300)).toEqual(['batchSize'])
  })

  it('where much of the data falls into the incomplete last batch', () => {
    expect(pathsOf({ batchSize: 64, epochs: 200, schedule: constant }, 191)).toEqual(['batchSize'])
    expect(pathsOf({ batchSize: 64, epochs: 200, schedule: constant }, 640)).toEqual([])
  })

  it('where the ramp-up of teaching takes most of the training', () => {
    expect(pathsOf({ teachingRampUpEpochs: 7 })).toEqual(['teachingRampUpEpochs'])
    expect(pathsOf({ teachingRampUpEpochs: 2 })).toEqual([])
  })

  it('where the learning rate is out of all proportion for its optimizer', () => {
    expect(pathsOf({ learningRate: 100 })).toEqual(['learningRate'])
    const adam = { kind: 'ADAM', weightDecay: 0 }
    expect(pathsOf({ optimizer: adam, learningRate: 0.5 })).toEqual(['learningRate'])
    expect(pathsOf({ optimizer: adam, learningRate: 0.001 })).toEqual([])
  })

  it('where the warm-up is most of the training', () => {
    const schedule = { kind: 'COSINE', warmupEpochs: 9 }
    expect(pathsOf({ epochs: 10, schedule })).toEqual(['schedule.warmupEpochs'])
  })

  it('where the learning rate would drop after the end', () => {
    const step = { kind: 'STEP', everyEpochs: 60, factor: 0.1 }
    expect(pathsOf({ epochs: 20, schedule: step })).toEqual(['schedule.everyEpochs'])
    const multiStep = { kind: 'MULTI_STEP', atEpochs: [10, 60], factor: 0.1 }
    expect(pathsOf({ epochs: 20, schedule: multiStep })).toEqual(['schedule.atEpochs'])
    expect(pathsOf({ epochs: 61, schedule: multiStep })).toEqual([])
  })
})
