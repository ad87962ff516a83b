import { type ExecutionResult, GraphQLError } from 'graphql'

/** Of an answer as JSON, roughly. The longest of the pages' own is a run's curves, of some hundred KiB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
const BYTES_OF_A_NUMBER = 12
/** Quotes, a colon, a comma. */
const BYTES_AROUND = 4

/** Refuses to send what is too long: the same few long texts may stand in an answer thousands of times. */
export function limitAnswer(result: ExecutionResult): ExecutionResult {
  if (!isLonger(result.data, MAX_ANSWER_BYTES)) return result
  const mebibytes = MAX_ANSWER_BYTES / 1024 ** 2
  const message = `The answer would have more than ${mebibytes} MiB. Ask for smaller pages, or less at once.`
  return { data: null, errors: [new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } })] }
}

/** Looks only until it is clear. No recursion: JSON of people may be as deep as they like. */
export function isLonger(answer: unknown, maxBytes: number): boolean {
  let bytes = 0
  const values: unknown[] = [answer]
  while (values.length > 0) {
    const value = values.pop()
    if (typeof value === 'string') bytes += Buffer.byteLength(value) + BYTES_AROUND
    else if (typeof value !== 'object' || value === null) bytes += BYTES_OF_A_NUMBER
    else if (Array.isArray(value)) {
      // A curve's ten thousand numbers need no look each.
      if (typeof value[0] === 'number') bytes += value.length * BYTES_OF_A_NUMBER
      else for (const item of value) values.push(item)
    } else
      for (const [key, field] of Object.entries(value)) {
        bytes += key.length + BYTES_AROUND
        values.push(field)
      }
    if (bytes > maxBytes) return true
  }
  return false
}
