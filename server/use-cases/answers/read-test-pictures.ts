import { decodeTestAnswers, type TestAnswers } from '../../../contract/runs/test-answers.ts'
import type { Run } from '../../../prisma/client.ts'
import { ParsedBlobs } from '../../blobs/parsed-blobs.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { picturePath } from '../datasets/picture-path.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'

type Which = 'ALL' | 'ANY_WRONG' | 'RIGHT_AND_WRONG' | 'ALL_WRONG' | 'ALL_WRONG_AND_SURE'

interface Wanted extends PageArguments {
  which?: Which | null
  student?: string | null
  class?: number | null
  takenFor?: number | null
}

/** Source of the schema's TestPicture. */
export interface TestPicture {
  /** In the asked order, from 0. */
  place: number
  index: number
  class: number
  url: string
  answers: number[]
  confidences: number[]
  losses: number[]
}

/** A student this sure of a class is sure. */
const SURE = 0.9
const found = new ParsedBlobs(decodeTestAnswers, 16)

const NOTHING = {
  keyOf: ({ place }: TestPicture) => place,
  parseKey: parseNumberKey,
  read: async () => [],
  count: async () => 0,
}

/** A page of a run's test images with what its students say to them, the highest loss first. */
export async function readTestPictures(
  { storage }: Services,
  { testAnswersSha256, datasetVersionId }: Run,
  { which, student, class: label, takenFor, ...page }: Wanted,
): Promise<Connection<TestPicture>> {
  const sheet = testAnswersSha256 === null ? null : await found.read(storage, testAnswersSha256)
  if (!sheet) return readPage<TestPicture, number>(page, NOTHING)
  const position = student == null ? null : positionOf(sheet, student)
  const among = Array.from(sheet.labels.keys()).filter(
    (index) =>
      (label == null || sheet.labels[index] === label) &&
      (takenFor == null || says(sheet, index, position, takenFor)) &&
      fits(sheet, index, which ?? 'ALL'),
  )
  const ordered = among
    .map((index) => ({ index, loss: meanLoss(sheet, index, position) }))
    .sort((a, b) => b.loss - a.loss || a.index - b.index)
    .map(({ index }) => index)
  return readPage<TestPicture, number>(page, {
    keyOf: ({ place }) => place,
    parseKey: parseNumberKey,
    read: async (after, limit) => {
      const from = after === undefined ? 0 : after + 1
      return ordered
        .slice(from, from + limit)
        .map((index, i) => ({ place: from + i, ...pictureOf(sheet, index, datasetVersionId) }))
    },
    count: async () => ordered.length,
  })
}

function positionOf({ students }: TestAnswers, name: string): number {
  const position = students.indexOf(name)
  if (position >= 0) return position
  throw new AppError('INVALID_INPUT', `The run has no student “${name}”.`, ['student'])
}

/** What the students say to an image, in cohort order. */
function of<Numbers extends Int32Array | Float32Array>(sheet: TestAnswers, all: Numbers, index: number) {
  const { length } = sheet.students
  return Array.from(all.subarray(index * length, (index + 1) * length))
}

/** Whether one student, or any, predicts a class. */
function says(sheet: TestAnswers, index: number, position: number | null, takenFor: number): boolean {
  const answers = of(sheet, sheet.answers, index)
  return position === null ? answers.includes(takenFor) : answers[position] === takenFor
}

function fits(sheet: TestAnswers, index: number, which: Which): boolean {
  if (which === 'ALL') return true
  const isRight = of(sheet, sheet.answers, index).map((answer) => answer === sheet.labels[index])
  if (which === 'ANY_WRONG') return isRight.includes(false)
  if (which === 'RIGHT_AND_WRONG') return isRight.includes(false) && isRight.includes(true)
  if (isRight.includes(true)) return false
  return (
    which === 'ALL_WRONG' || of(sheet, sheet.confidences, index).every((confidence) => confidence >= SURE)
  )
}

function meanLoss(sheet: TestAnswers, index: number, position: number | null): number {
  const losses = of(sheet, sheet.losses, index)
  if (position !== null) return losses[position] ?? 0
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}

function pictureOf(sheet: TestAnswers, index: number, versionId: string): Omit<TestPicture, 'place'> {
  return {
    index,
    class: sheet.labels[index] ?? 0,
    url: picturePath(versionId, 'test', index),
    answers: of(sheet, sheet.answers, index),
    confidences: of(sheet, sheet.confidences, index),
    losses: of(sheet, sheet.losses, index),
  }
}
