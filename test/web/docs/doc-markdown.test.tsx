import { expect, it } from 'vitest'
import { DocMarkdown } from '../../../web/features/docs/doc-markdown.tsx'

it('reads a text once, however often its page is asked for, and again when it is another one', () => {
  const draw = (text: string) => DocMarkdown({ text, file: 'docs/guide/recipes.md' })
  const page = draw('# Recipes')
  expect(draw('# Recipes')).toBe(page)
  const other = draw('# Other recipes')
  expect(other).not.toBe(page)
  expect(draw('# Other recipes')).toBe(other)
})
