import { describe, expect, it } from 'vitest'
import { checkRecipeFits } from '../../../contract/recipes/recipe-fits.ts'

describe('a recipe', () => {
  it('fits where one batch can be filled', () => {
    expect(checkRecipeFits({ batchSize: 64 }, 64)).toBeNull()
    expect(checkRecipeFits({ batchSize: 2 }, 64)).toBeNull()
  })

  it('does not fit where not even one batch can be filled, and says what would', () => {
    expect(checkRecipeFits({ batchSize: 65 }, 64)).toEqual({
      path: ['batchSize'],
      reason: 'a batch of 65 is larger than the 64 training images',
      most: 64,
    })
  })

  it('does not fit where its steps would be more than can be counted', () => {
    const images = 2_000_000
    expect(checkRecipeFits({ batchSize: 2, epochs: 1_073 }, images)).toBeNull()
    expect(checkRecipeFits({ batchSize: 2, epochs: 10_000 }, images)).toMatchObject({
      path: ['epochs'],
      reason: expect.stringContaining('10,000,000,000 steps'),
      most: 1_073,
    })
  })
})
