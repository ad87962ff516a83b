import { describe, expect, it } from 'vitest'
import { addLine, cutTail, type LogTail, openTail, toLine } from '../../../web/features/runs/live/log-tail.ts'
import { atOf } from './page-run.ts'

const line = (seq: number) =>
  toLine({ seq, at: atOf(seq) }, 1, {
    kind: 'LOG',
    level: 'INFO',
    source: 'TRAINING',
    message: `line ${seq}`,
  })
const tailOf = (seqs: number[], after = 0): LogTail => seqs.map(line).reduce(addLine, openTail(after))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const seqsOf = ({ lines }: LogTail) => lines.map(({ seq }) => seq)

describe('the end of a log that nobody looks at', () => {
  it('keeps every line of a usual attempt', () => {
    expect(seqsOf(tailOf(range(4, 2_003), 3))).toEqual(range(4, 2_003))
  })

  it('holds its newest lines, however many come, and says from where on none is missing', () => {
    let tail = openTail(0)
    for (const seq of range(1, 50_000)) {
      tail = addLine(tail, line(2 * seq))
      expect(tail.lines.length).toBeLessThanOrEqual(4_000)
    }
    expect(tail.lines.length).toBeGreaterThanOrEqual(2_000)
    expect(tail.after).toBe(2 * (50_000 - tail.lines.length))
    expect(tail.lines[0]?.seq).toBe(tail.after + 2)
    expect(tail.lines.at(-1)?.seq).toBe(100_000)
  })

  it('can be cut back to an event, from which it grows again', () => {
    const tail = tailOf([5, 8, 9], 4)
    expect(cutTail(tail, 8)).toEqual(tailOf([5, 8], 4))
    expect(cutTail(tail, 6)).toEqual(tailOf([5], 4))
    expect(addLine(cutTail(tail, 8), line(9))).toEqual(tail)
    expect(cutTail(tail, 3)).toEqual(openTail(3))
  })
})
