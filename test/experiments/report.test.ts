import { describe, expect, it } from 'vitest'
import type { Difference } from '../../experiments/compare.ts'
import { csvReport } from '../../experiments/csv-report.ts'
import { latexReport } from '../../experiments/latex-report.ts'
import { markdownReport } from '../../experiments/markdown-report.ts'
import type { Measure } from '../../experiments/measures.ts'
import { notesOn } from '../../experiments/report-notes.ts'
import { pairedDifference } from '../../experiments/statistics/paired-difference.ts'
import { seedsBetter, verdictOf } from '../../experiments/verdict.ts'
import { recordOf } from './records.ts'

const accuracy: Measure = { name: 'average student', part: 'MAIN', unit: 'PERCENT', better: 'HIGHER' }
const loss: Measure = { name: 'test loss', part: 'BESIDE', unit: 'NATS', better: 'LOWER' }
const entropy: Measure = { name: 'entropy', part: 'BESIDE', unit: 'NATS', better: null }

function differenceOf(values: number[], holmP: number | null = 0.01): Difference {
  return {
    ...pairedDifference(values),
    values,
    seeds: values.map((_, i) => i + 1),
    confidence: 0.95,
    holmP,
  }
}

describe('a verdict', () => {
  it('says gain where the interval leaves out 0', () => {
    const { kind, words } = verdictOf(accuracy, differenceOf([0.02, 0.03, 0.025, 0.022]))
    expect(kind).toBe('GAIN')
    expect(words).toMatch(/^gain \+2\.4 \(between \+1\.\d and \+3\.\d\)$/)
  })

  it('sees no effect where it does not, however the mean lies', () => {
    const { words } = verdictOf(accuracy, differenceOf([0.02, 0.03, -0.01, 0.0]))
    expect(words).toMatch(/^no effect seen \(between -\d\.\d and \+\d\.\d\)$/)
    expect(words).not.toContain('gain')
  })

  it('knows that less loss is a gain, more loss is none, and more entropy is neither', () => {
    expect(verdictOf(loss, differenceOf([-0.2, -0.21, -0.22])).kind).toBe('GAIN')
    expect(verdictOf(loss, differenceOf([0.2, 0.21, 0.22])).kind).toBe('WORSE')
    expect(verdictOf(entropy, differenceOf([0.2, 0.21, 0.22])).kind).toBe('HIGHER')
    expect(seedsBetter(loss, differenceOf([-0.2, -0.1, 0.1]))).toBe('2 of 3')
  })

  it('says of a gain that many comparisons do not bear out that it is one of many', () => {
    const { words } = verdictOf(accuracy, differenceOf([0.02, 0.03, 0.025, 0.022], 0.06))
    expect(words).toMatch(/^gain .+, not significant after Holm’s correction$/)
  })

  it('of one seed says that it tells nothing of chance', () => {
    expect(verdictOf(accuracy, differenceOf([0.05], null)).words).toMatch(
      /^\+5\.0 from one seed: cannot be told/,
    )
  })

  it('writes no bound of an interval as 0 that is none', () => {
    const { words } = verdictOf(accuracy, differenceOf([0.0101, 0.0102, 0.0001, 0.0099]))
    expect(words).not.toMatch(/[+-]0\.0\D/)
  })
})

describe('a report', () => {
  const students = ['resnet-8', 'resnet-8']
  const alone = {
    students,
    method: 'INDEPENDENT',
    top1: [
      [0.4, 0.4],
      [0.5, 0.5],
    ],
  }

  it('tells and counts the trials that failed, and why', () => {
    const mutual = { students, method: 'MUTUAL', top1: [[0.5, 0.5], null] }
    const report = markdownReport(recordOf({ arms: { alone, mutual } }))
    expect(report).toContain('1 of 4 trials failed')
    expect(report).toContain('clean, mutual, seed 2: The loss became NaN at step 3.')
  })

  it('has the rows of an arm that failed under every seed say so by having none', () => {
    const mutual = { students, method: 'MUTUAL', top1: [null, null] }
    const report = markdownReport(recordOf({ arms: { alone, mutual } }))
    expect(report).toContain('2 of 4 trials failed')
    expect(report).toContain('| average student, % | alone |')
    expect(report).not.toContain('| average student, % | mutual |')
  })

  it('tells the threads, how many test images were used, and how the best student was chosen', () => {
    const mutual = {
      students,
      method: 'MUTUAL',
      top1: [
        [0.5, 0.5],
        [0.5, 0.6],
      ],
    }
    const report = markdownReport(recordOf({ arms: { alone, mutual } }))
    expect(report).toContain('with 1 thread per operation')
    expect(report).toContain('evaluated on 100 of 400 test images')
    expect(report).toContain('is picked on the test images it is evaluated on, so its score is optimistic')
    expect(report).toContain('Holm’s correction covers all comparisons of a table')
  })

  it('counts no images as trained on that were set aside for validation', () => {
    const mutual = { students, method: 'MUTUAL', top1: alone.top1 }
    const record = recordOf({ arms: { alone, mutual } })
    const { recipe } = record.conditions[0]!
    const sharing = (...shares: number[]) =>
      shares.map((validationShare, i) => ({ name: `${i}`, recipe: { ...recipe, validationShare } }))
    const { images } = record
    const noteOf = (changes: object) => notesOn({ ...record, ...changes }, [])[0]
    expect(noteOf({ conditions: sharing(0.2) })).toContain('Trained on 40 images, evaluated')
    expect(noteOf({ conditions: sharing(0, 0.2) })).toContain('on 50 or 40 images (by the condition)')
    const own = { ...images, hasValidation: true }
    expect(noteOf({ conditions: sharing(0.2), images: own })).toContain('Trained on 50 images')
  })

  it('tells its statistics over the seeds that were trained, not over those that were planned', () => {
    const top1 = [0.4, 0.5, 0.6].map((score) => [score, score])
    const mutual = { students, method: 'MUTUAL', top1 }
    const record = recordOf({ arms: { alone: { ...alone, top1 }, mutual } })
    const report = markdownReport({ ...record, seeds: Array.from({ length: 20 }, (_, i) => i + 1) })
    expect(report).toContain('over 3 seeds')
    expect(report).toContain('With 3 seeds the exact permutation p cannot be below 0.25')
    expect(report).not.toContain('20 seeds')
    expect(markdownReport({ ...record, trials: [] })).toContain('No trial has come to a result.')
  })

  it('of one seed says so before anything else', () => {
    const one = { ...alone, top1: [[0.4, 0.4]] }
    const mutual = { students, method: 'MUTUAL', top1: [[0.5, 0.5]] }
    const report = markdownReport(recordOf({ arms: { alone: one, mutual } }))
    expect(report).toContain('One seed only')
    expect(report).not.toMatch(/gain \+/)
  })

  it('of an experiment that was cut short says how many trials are to come', () => {
    const mutual = {
      students,
      method: 'MUTUAL',
      top1: [
        [0.5, 0.5],
        [0.5, 0.6],
      ],
    }
    const record = recordOf({ arms: { alone, mutual } })
    expect(markdownReport({ ...record, trials: record.trials.slice(0, 3) })).toContain(
      '1 of 4 trials have not been trained yet',
    )
  })
})

describe('other formats', () => {
  const record = {
    ...recordOf({
      arms: {
        'alone & idle': { students: ['resnet-8'], method: 'INDEPENDENT', top1: [[0.5], [0.6]] },
        mutual: {
          students: ['resnet-8', 'resnet-8'],
          method: 'MUTUAL',
          top1: [
            [0.4, 0.4],
            [0.3, 0.5],
          ],
        },
      },
    }),
    title: '50 % more_data',
  }

  it('LaTeX has a table for each part, and nothing in it that LaTeX would read as a command', () => {
    const text = latexReport(record)
    expect(text.match(/\\begin\{tabular\}/g)).toHaveLength(3)
    expect(text).toContain('\\caption{50 \\% more\\_data: Main results}')
    expect(text).toContain('alone \\& idle')
    expect(text).not.toMatch(/[±“”’]|[^\\]%/)
  })

  it('CSV has every figure unrounded, and a negative one is a figure', () => {
    const [head, ...rows] = csvReport(record).trim().split('\n')
    expect(head).toMatch(/^condition,part,measure,unit,arm,control,mean,deviation,values,difference,/)
    const row = rows.find((line) => line.startsWith('"clean","MAIN","average student","PERCENT","mutual"'))
    expect(row).toContain(',0.4,0,0.4 0.4,')
    expect(row).toMatch(/,-0\.1\d*,/)
  })
})
