import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../../web/features/runs/live/log-tail.ts'
import {
  EMPTY_BUFFER,
  isBehind,
  type LogBuffer,
  MAX_LINES,
  withPage,
  withTail,
} from '../../../web/features/runs/log/log-buffer.ts'
import { atOf } from './page-run.ts'

const line = (seq: number): LogLine => ({
  ...{ seq, at: atOf(seq), attempt: 1, level: 'INFO', source: 'TRAINING' },
  text: `line ${seq}`,
})
const pageOf = (seqs: number[], hasNextPage: boolean) => ({
  nodes: seqs.map(line),
  pageInfo: { hasNextPage, endCursor: seqs.length > 0 ? `after ${seqs.at(-1)}` : null },
})
const tailOf = (after: number, seqs: number[]) => ({ after, lines: seqs.map(line) })
const seqsOf = ({ lines }: LogBuffer) => lines.map(({ seq }) => seq)

describe('the lines of a log', () => {
  it('of a run that has said nothing yet are there at once: nothing is asked', () => {
    expect(isBehind(EMPTY_BUFFER, tailOf(0, []))).toBe(false)
    expect(seqsOf(withTail(EMPTY_BUFFER, tailOf(0, [1, 3])))).toEqual([1, 3])
  })

  it('wait for the past before those of the stream are shown: a log has no hole', () => {
    const tail = tailOf(7, [9, 10])
    expect(isBehind(EMPTY_BUFFER, tail)).toBe(true)
    expect(withTail(EMPTY_BUFFER, tail)).toBe(EMPTY_BUFFER)
    const first = withPage(EMPTY_BUFFER, pageOf([1, 2, 4], true), 7)
    expect(isBehind(first, tail)).toBe(true)
    expect(first.cursor).toBe('after 4')
    const second = withPage(first, pageOf([5], false), 7)
    expect(isBehind(second, tail)).toBe(false)
    expect(seqsOf(withTail(second, tail))).toEqual([1, 2, 4, 5, 9, 10])
  })

  it('that the query had beyond the events of the stream are there once', () => {
    const read = withPage(EMPTY_BUFFER, pageOf([1, 2, 9, 10], false), 7)
    expect(seqsOf(withTail(read, tailOf(7, [9, 10, 12])))).toEqual([1, 2, 9, 10, 12])
  })

  it('are complete where the last events of the past are no lines', () => {
    const read = withPage(EMPTY_BUFFER, pageOf([1], false), 7)
    expect(isBehind(read, tailOf(7, []))).toBe(false)
    expect(isBehind(withPage(EMPTY_BUFFER, pageOf([], false), 7), tailOf(7, []))).toBe(false)
  })

  it('that the stream let go meanwhile are read from the query, each once', () => {
    const read = withTail(withPage(EMPTY_BUFFER, pageOf([1, 2], false), 3), tailOf(3, [4, 5]))
    const tail = tailOf(8, [9])
    expect(isBehind(read, tail)).toBe(true)
    // The query goes on from its own last page.
    const more = withPage(read, pageOf([4, 5, 6, 8], false), 8)
    expect(seqsOf(withTail(more, tail))).toEqual([1, 2, 4, 5, 6, 8, 9])
  })

  it('are the same list until one comes, so that nothing is drawn for nothing', () => {
    const tail = tailOf(0, [1, 2])
    const book = withTail(EMPTY_BUFFER, tail)
    expect(withTail(book, tail)).toBe(book)
  })

  it('are the newest ones of a log that is longer than a page can hold, and say how many are not', () => {
    let book = EMPTY_BUFFER
    const count = MAX_LINES + 250
    for (let seq = 1; seq <= count; seq += 50)
      book = withTail(
        book,
        tailOf(
          seq - 1,
          Array.from({ length: 50 }, (_, i) => seq + i),
        ),
      )
    expect(book.lines).toHaveLength(MAX_LINES)
    expect(book).toMatchObject({ droppedCount: 250, completeTo: count })
    expect(book.lines[0]?.seq).toBe(251)
    expect(book.lines.at(-1)?.seq).toBe(count)
  })
})
