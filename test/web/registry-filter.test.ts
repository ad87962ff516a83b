import { describe, expect, it } from 'vitest'
import { filterOf } from '../../web/features/models/registry-filter.ts'

const most = (text: string) => filterOf(new URLSearchParams({ most: text })).mostParameters

describe('the filter of the models', () => {
  it('asks for at most so many millions of parameters', () => {
    expect([most('0.08'), most('2'), most('')]).toEqual([80_000, 2_000_000, null])
  })

  it('asks for more parameters than 31 bits count', () => {
    expect([most('2147.483648'), most('50000')]).toEqual([2 ** 31, 50_000_000_000])
  })
})
