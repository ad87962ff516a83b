import { describe, expect, it } from 'vitest'
import { checkRecipeFits } from '../../../contract/recipes/recipe-fits.ts'

describe('a recipe', () => {
  it('fits where one batch can be filled', () => {
    expect(checkRecipeFits({ batchSize: 64 }, 64, 0)).toBeNull()
    expect(checkRecipeFits({ batchSize: 2 }, 64, 0)).toBeNull()
  })

  it('does not fit where not even one batch can be filled, and says what would', () => {
    expect(checkRecipeFits({ batchSize: 65 }, 64, 0)).toEqual({
      path: ['batchSize'],
      reason: 'a batch of 65 is larger than the 64 training images',
      most: 64,
    })
  })

  it('does not fit where its steps would be more than can be counted', () => {
    const images = 2_000_000
    expect(checkRecipeFits({ batchSize: 2, epochs: 1_073 }, images, 0)).toBeNull()
    expect(checkRecipeFits({ batchSize: 2, epochs: 10_000 }, images, 0)).toMatchObject({
      path: ['epochs'],
      reason: expect.stringContaining('10,000,000,000 steps'),
      most: 1_073,
    })
  })

  it('takes as many images without labels a step as the dataset has, and no more', () => {
    const recipe = { batchSize: 8, unlabelledRatio: 2 }
    expect(checkRecipeFits(recipe, 64, 16)).toBeNull()
    expect(checkRecipeFits(recipe, 64, 15)).toEqual({
      path: ['unlabelledRatio'],
      reason: 'a step takes 16 images without labels, and the dataset has 15',
      most: 1,
    })
    expect(checkRecipeFits(recipe, 64, 0)).toMatchObject({
      reason: expect.stringContaining('has none'),
      most: 0,
    })
  })
})
