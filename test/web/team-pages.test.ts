import { expect, it } from 'vitest'
import { teamPages } from '../../web/features/shell/pages.ts'

it('every page of a team is reached by a letter of its own', () => {
  const keys = teamPages.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
})
