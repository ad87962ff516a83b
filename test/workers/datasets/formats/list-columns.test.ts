import { describe, expect, it } from 'vitest'
import { doubtsOfClasses } from '../../../../workers/datasets/formats/class-doubts.ts'
import { splitNamedIn } from '../../../../workers/datasets/formats/folders/split-names.ts'
import {
  findColumns,
  hasSeveralLabels,
  type ListColumns,
  labelOf,
} from '../../../../workers/datasets/lists/list-columns.ts'
import { unifyNumbers } from '../../../../workers/datasets/lists/mend-labels.ts'
import { splitOf } from '../../../../workers/datasets/lists/split-column.ts'

const isSplit = (text: string) => splitNamedIn(text)?.rest === ''

function understood(header: string, rows: readonly string[]): ListColumns {
  const sample = rows.map((row, i) => [`${i}.png`, ...row.split(',')])
  const columns = findColumns(['path', ...header.split(',')], sample, () => true, isSplit)
  if ('problem' in columns) throw new Error(columns.problem)
  return columns
}

function rowsOf(header: string, rows: readonly string[]) {
  const columns = understood(header, rows)
  return rows.map((text, i) => {
    const row = [`${i}.png`, ...text.split(',')]
    return { label: labelOf(row, columns), split: columns.split && splitOf(row, columns.split) }
  })
}

describe('the split of an image is read from a column', () => {
  it.each([
    ['is_train', ['1', '0'], ['train', 'test']],
    ['is_training_image', ['1', '0'], ['training', 'test']],
    ['is_valid', ['False', 'True'], ['train', 'valid']],
    ['IsTest', ['no', 'yes'], ['train', 'test']],
    ['phase', ['train', 'val'], ['train', 'val']],
    ['Data set', ['Training', 'Testing'], ['Training', 'Testing']],
  ])('called %s', (name, [first, second], splits) => {
    const rows = rowsOf(`label,${name}`, [`cat,${first}`, `dog,${second}`])
    expect(rows).toEqual([
      { label: 'cat', split: splits[0] },
      { label: 'dog', split: splits[1] },
    ])
  })

  it('but not from one of which nothing says that it is one', () => {
    expect(understood('label,server', ['cat,dev', 'dog,dev']).split).toBeUndefined()
    expect(understood('label,usage', ['cat,test', 'dog,test']).split).toEqual({ column: 2 })
  })

  it('but not from one that says of most rows that they are valid', () => {
    expect(understood('label,is_valid', ['cat,1', 'dog,1', 'dog,0']).split).toBeUndefined()
  })

  it('but not from one for a class that is called train, nor from folds, which are told', () => {
    expect(rowsOf('car,train', ['1,0', '0,1'])).toMatchObject([{ label: 'car' }, { label: 'train' }])
    const { split, doubts } = understood('label,fold', ['cat,0', 'dog,1'])
    expect(split).toBeUndefined()
    expect(doubts).toMatchObject([{ kind: 'FOLDS', message: expect.stringContaining('“fold”') }])
  })
})

describe('the label of an image is read', () => {
  it('by its name, where another column only numbers it', () => {
    const rows = ['0,cat', '1,dog', '0,cat']
    expect(rowsOf('label,class_name', rows).map(({ label }) => label)).toEqual(['cat', 'dog', 'cat'])
    expect(understood('label,class_name', rows).doubts).toEqual([])
  })

  it('by its number, where all rows that were looked at are of one class', () => {
    const rows = ['0,nevus', '0,nevus']
    expect(rowsOf('target,diagnosis', rows).map(({ label }) => label)).toEqual(['0', '0'])
  })

  it('from one of two columns that say different classes, which is told', () => {
    const { doubts } = understood('label,category', ['0,cat', '1,cat', '1,dog'])
    expect(doubts).toMatchObject([
      {
        kind: 'SEVERAL_CANDIDATES',
        message: expect.stringMatching(/column “label”, and not from “category”/),
      },
    ])
    expect(understood('label,x,y', ['cat,3,5', 'dog,3,5']).doubts).toEqual([])
  })

  it('from columns of true and false, of which several may be set', () => {
    const rows = ['True,False,False', 'False,True,False', 'True,True,False']
    expect(rowsOf('a,b,c', rows).map(({ label }) => label)).toEqual(['a', 'b', ''])
    const columns = understood('a,b,c', rows)
    expect(hasSeveralLabels(['2.png', 'True', 'True', 'False'], columns)).toBe(true)
    expect(labelOf(['3.png', '1.0', '10', '1.5'], columns)).toBe('a')
  })

  it('as a whole number, where a table with gaps wrote 3.0', () => {
    const pictures = ['3.0', '3', '', '10.0'].map((label) => ({ label }))
    expect(unifyNumbers(pictures, 'labels.csv')).toHaveLength(1)
    expect(pictures.map(({ label }) => label)).toEqual(['3', '3', '', '10'])
    const versions = ['1.0', '1.5'].map((label) => ({ label }))
    expect(unifyNumbers(versions, 'labels.csv')).toEqual([])
    expect(versions).toEqual([{ label: '1.0' }, { label: '1.5' }])
  })

  it('but pixels in columns are no labels', () => {
    const pixels = Array.from({ length: 64 }, (_, i) => `pixel${i}`).join(',')
    expect(() => understood(pixels, ['7'])).toThrow('has the pixels of images in 64 columns')
  })
})

/** No number has so many digits. */
const LONG_NUMBERS = ['12345678901234567890', '12345678901234567891']

describe('names of classes that may be mistakes are told', () => {
  it.each([
    ['ALIKE_CLASSES', ['Cat', 'cat', 'dog'], '“Cat”, “cat”'],
    ['ALIKE_CLASSES', ['cat', 'cat ', 'dog'], '“cat”, “cat ”'],
    ['ALIKE_CLASSES', ['03', '3', '4'], '“03”, “3”'],
    ['MISSING_AS_CLASS', ['NaN', 'cat', 'dog'], '“NaN”'],
    ['SEVERAL_LABELS', ['cat', 'cat|dog', 'dog'], '“cat|dog”'],
    ['SEVERAL_LABELS', ['cat', 'cat, dog', 'dog'], '“cat, dog”'],
  ])('%s: %j', (kind, classes, words) => {
    expect(doubtsOf(classes)).toMatchObject([{ kind, message: expect.stringContaining(words) }])
  })

  it.each([
    [['A', 'a', 'b']],
    [['none', 'scratch']],
    [['cat', 'wild cat']],
    [['1', '10', '2']],
    [LONG_NUMBERS],
  ])('and not %j', (classes) => expect(doubtsOf(classes)).toEqual([]))
})

function doubtsOf(classes: string[]) {
  const pictures = classes.flatMap((name, label) => [0, 1].map((i) => ({ path: `${name}/${i}.png`, label })))
  const nothing = { ignored: [], leftOut: [], notes: [], doubts: [] }
  return doubtsOfClasses({ kind: 'CLASSIFICATION', classes, train: pictures, test: pictures, ...nothing })
}
