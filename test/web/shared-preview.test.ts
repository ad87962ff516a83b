import { expect, it } from 'vitest'
import { drawableText } from '../../web/features/shared/preview/drawable-text.ts'
import { previewPaths } from '../../web/features/shared/preview/preview-paths.ts'

it('a preview draws curves on one scale, and leaves out what is no number', () => {
  const lines = [
    { steps: [0, 50, 100], values: [0, Number.NaN, 1] },
    { steps: [0, 100], values: [0.5, 0.5] },
    { steps: [10], values: [0.3] },
  ]
  expect(previewPaths(lines, { width: 100, height: 112 })).toEqual([
    'M 0.0 106.0 L 100.0 6.0',
    'M 0.0 56.0 L 100.0 56.0',
    '',
  ])
  expect(previewPaths([{ steps: [1, 2], values: [3, 3] }], { width: 10, height: 10 })).toEqual([
    'M 5.0 5.0 L 10.0 5.0',
  ])
})

it('a preview has no character that its renderer would ask the internet to draw', () => {
  expect(drawableText('Größe 7 – «ça va»', 60)).toBe('Größe 7 – «ça va»')
  expect(drawableText('猫 and 🐕 cats', 60)).toBe('and cats')
  expect(drawableText('x'.repeat(80), 60)).toBe(`${'x'.repeat(59)}…`)
})
