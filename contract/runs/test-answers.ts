import { z } from 'zod'

/** What every student of a finished run says to each test image. */
export interface TestAnswers {
  /** Names, in cohort order. */
  students: string[]
  /** The dataset's label of each image. */
  labels: Int32Array
  /** Of image i, student k at i x students + k: the class that it predicts. */
  answers: Int32Array
  /** Likewise: the probability that it gives that class. */
  confidences: Float32Array
  /** Likewise: its cross-entropy against the label, nats. */
  losses: Float32Array
}

const Header = z.strictObject({
  format: z.literal('studyhall-test-answers-1'),
  students: z.array(z.string()).min(1),
  count: z.int().min(0),
})

const NUMBER_BYTES = 4
const LINE_END = 10

/** A line of JSON, then labels, answers, confidences and losses: little-endian int32 and float32. */
export function encodeTestAnswers(found: TestAnswers): Uint8Array<ArrayBuffer> {
  const { students, labels, answers, confidences, losses } = found
  const header: z.infer<typeof Header> = {
    format: 'studyhall-test-answers-1',
    students,
    count: labels.length,
  }
  const line = new TextEncoder().encode(`${JSON.stringify(header)}\n`)
  const numbers = labels.length + answers.length + confidences.length + losses.length
  const bytes = new Uint8Array(line.length + numbers * NUMBER_BYTES)
  bytes.set(line)
  const view = new DataView(bytes.buffer)
  let at = line.length
  for (const part of [labels, answers, confidences, losses])
    for (const value of part) {
      if (part instanceof Int32Array) view.setInt32(at, value, true)
      else view.setFloat32(at, value, true)
      at += NUMBER_BYTES
    }
  return bytes
}

/** @throws where the bytes are none that `encodeTestAnswers` wrote */
export function decodeTestAnswers(bytes: Uint8Array): TestAnswers {
  const end = bytes.indexOf(LINE_END)
  const { students, count } = Header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))))
  const each = count * students.length
  if (bytes.length !== end + 1 + (count + 3 * each) * NUMBER_BYTES)
    throw new Error('the file of test answers is not as long as its first line says')
  const view = new DataView(bytes.buffer, bytes.byteOffset + end + 1)
  const whole = (from: number, length: number) =>
    Int32Array.from({ length }, (_, i) => view.getInt32((from + i) * NUMBER_BYTES, true))
  const real = (from: number, length: number) =>
    Float32Array.from({ length }, (_, i) => view.getFloat32((from + i) * NUMBER_BYTES, true))
  return {
    students,
    labels: whole(0, count),
    answers: whole(count, each),
    confidences: real(count + each, each),
    losses: real(count + 2 * each, each),
  }
}
