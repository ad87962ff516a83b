/** Which column of a table says the split of an image, whatever it is called. */
import type { Doubt } from '../../../contract/dataset-doubts.ts'

const SPLIT_NAMES = ['split', 'subset', 'set', 'partition']
/** `is_train`, `is_valid`, `is_test_image`: a question that each row answers. */
const QUESTION = /^is(?:in)?(train|training|test|testing|val|valid|validation)(?:set|data|image|img|sample)?$/
/** A column of `dev` or `eval` alone may be of anything, unless it is called so. */
const SAYS_SPLIT = /split|set$|subset|phase|usage|part|mode|purpose|train|test/
const FOLD_NAMES = ['fold', 'kfold', 'cvfold', 'foldid', 'folds']
const YES_OR_NO = /^([01](\.0*)?|true|false|yes|no|t|f|y|n)$/i
const YES = /^(1|true|yes|t$|y$)/i

export interface SplitColumn {
  column: number
  /** The split that a yes means, where each row says yes or no to one. */
  asked?: string
}

/**
 * The column of that name; else one that asks for a split, or in which every row of the sample names one.
 * @param names  of the columns, in small letters without signs
 * @param taken  columns that say something else
 * @param isSplit  whether a text is the name of a split
 */
export function findSplitColumn(
  names: readonly string[],
  sample: readonly (readonly string[])[],
  taken: readonly number[],
  isSplit: (text: string) => boolean,
): SplitColumn | undefined {
  const named = names.indexOf(SPLIT_NAMES.find((name) => names.includes(name)) ?? '\0')
  if (named >= 0) return { column: named }
  if (sample.length === 0) return undefined
  const valuesOf = (column: number) => sample.map((row) => row[column]?.trim() ?? '')
  for (const [column, name] of names.entries()) {
    if (taken.includes(column)) continue
    const asked = QUESTION.exec(name)?.[1]
    const values = valuesOf(column)
    if (asked && isAsked(asked, values)) return { column, asked }
    const saysSo = SAYS_SPLIT.test(name) || values.some((value) => /^tr(ai)?n/i.test(value))
    if (saysSo && values.every(isSplit)) return { column }
  }
  return undefined
}

/** Where most rows are “valid”, they are in order, and not for validation. */
function isAsked(asked: string, values: readonly string[]): boolean {
  if (!values.every((value) => YES_OR_NO.test(value))) return false
  return asked !== 'valid' || values.filter((value) => YES.test(value)).length <= values.length / 2
}

/** What a row says of its split. */
export function splitOf(row: readonly string[], { column, asked }: SplitColumn): string {
  const written = row[column]?.trim() ?? ''
  if (asked === undefined || written === '') return written
  if (YES.test(written)) return asked
  return /^train/.test(asked) ? 'test' : 'train'
}

/** Folds are not read; a list that numbers them was meant for them. */
export function doubtFoldColumn(
  header: readonly string[],
  names: readonly string[],
  sample: readonly (readonly string[])[],
): Doubt[] {
  const column = names.findIndex((name) => FOLD_NAMES.includes(name))
  const areNumbers = sample.every((row) => /^\d{1,2}(\.0*)?$/.test(row[column]?.trim() ?? ''))
  if (column < 0 || sample.length === 0 || !areNumbers) return []
  return [
    {
      kind: 'FOLDS',
      message: `The column “${header[column]?.trim()}” numbers folds of a cross-validation, which were not looked at: the images of all of them were put together.`,
      remedy:
        'To test with a fold of your choice, write “test” for it and “train” for the others in a column split.',
    },
  ]
}
