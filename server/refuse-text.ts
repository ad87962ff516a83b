import { isStorable } from '../contract/text.ts'
import { AppError } from './errors.ts'

/** No text of an input is longer; most have a smaller limit of their own. */
const MAX_TEXT_LENGTH = 10_000

interface Place {
  value: unknown
  path: string[]
}

/**
 * Looks through a whole input, keys and values, for texts that nothing behind could keep: where they are told of here,
 * they are no error of the database's later.
 * @throws AppError INVALID_INPUT that names the first
 */
export function refuseHostileText(input: unknown): void {
  const places: Place[] = [{ value: input, path: [] }]
  for (let place = places.pop(); place; place = places.pop()) {
    const { value, path } = place
    if (typeof value === 'string') refuseText(value, path)
    else if (Array.isArray(value)) pushItems(places, value, path)
    else if (typeof value === 'object' && value !== null) pushFields(places, value, path)
  }
}

/** Ten thousand numbers need no look each. */
function pushItems(places: Place[], items: unknown[], path: string[]): void {
  for (const [i, value] of items.entries())
    if (typeof value === 'string' || typeof value === 'object')
      places.push({ value, path: [...path, `${i}`] })
}

function pushFields(places: Place[], fields: object, path: string[]): void {
  for (const [key, value] of Object.entries(fields)) {
    refuseText(key, path)
    places.push({ value, path: [...path, key] })
  }
}

function refuseText(text: string, path: string[]): void {
  const where = path.length > 0 ? `${path.join('.')}: ` : ''
  if (text.length > MAX_TEXT_LENGTH)
    throw new AppError(
      'INVALID_INPUT',
      `${where}a text has at most ${MAX_TEXT_LENGTH.toLocaleString('en')} characters`,
      path,
    )
  if (!isStorable(text))
    throw new AppError('INVALID_INPUT', `${where}a text has no NUL and no half of a surrogate pair`, path)
}
