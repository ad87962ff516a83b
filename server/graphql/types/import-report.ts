import { AppError } from '../../errors.ts'
import type { ImportReportResolvers } from '../generated/resolvers.ts'

const MAX_FIRST = 1_000

export const ImportReport: ImportReportResolvers = {
  leftOut: ({ leftOut }, { first }) => leftOut.slice(0, checkFirst(first)),
  sizes: ({ sizes }, { first }) => sizes.slice(0, checkFirst(first)),
  sizeCount: ({ sizes }) => sizes.length,
  ignored: ({ ignored }, { first }) => ignored.slice(0, checkFirst(first)),
}

function checkFirst(first: number | null | undefined): number {
  const count = first ?? 100
  if (count >= 0 && count <= MAX_FIRST) return count
  throw new AppError('INVALID_INPUT', `first is ${count}; it is 0 to ${MAX_FIRST}.`, ['first'])
}
