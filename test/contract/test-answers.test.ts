import { expect, it } from 'vitest'
import { decodeTestAnswers, encodeTestAnswers } from '../../contract/runs/test-answers.ts'

const FOUND = {
  students: ['ada', 'grâce'],
  labels: Int32Array.of(0, 70_000, 2),
  answers: Int32Array.of(0, 1, 70_000, 70_000, 1, 0),
  confidences: Float32Array.of(0.5, 1, 0.25, 0.75, 0.125, 0),
  losses: Float32Array.of(0, 1.5, 20, 0.25, 3, 4),
}

it('test answers are read as they were written, wherever they lie in memory', () => {
  const bytes = encodeTestAnswers(FOUND)
  expect(decodeTestAnswers(bytes)).toEqual(FOUND)
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(decodeTestAnswers(shifted.subarray(3))).toEqual(FOUND)
})

it('a file of test answers that was cut is refused', () => {
  const bytes = encodeTestAnswers(FOUND)
  expect(() => decodeTestAnswers(bytes.subarray(0, bytes.length - 4))).toThrow('not as long')
  expect(() => decodeTestAnswers(new Uint8Array())).toThrow()
})
