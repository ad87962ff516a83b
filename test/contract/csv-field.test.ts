import { expect, it } from 'vitest'
import { csvField } from '../../contract/csv-field.ts'

it.each([
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['train/cat, "big".png', '"train/cat, ""big"".png"'],
  ['a=b', '"a=b"'],
])('row 28: a spreadsheet takes %j for text', (text, field) => {
  expect(csvField(text)).toBe(field)
})
