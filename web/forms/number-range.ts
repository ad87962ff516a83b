import * as z from './zod.ts'

export interface NumberRange {
  isInteger: boolean
  min: number
  max: number
  /** The lower or upper end itself is refused. */
  excludesMin: boolean
  excludesMax: boolean
}

/** The numbers that a Zod schema takes. */
export function rangeOf(schema: z.ZodType): NumberRange {
  return rangeOfJsonSchema(z.toJSONSchema(schema, { io: 'input' }))
}

export function rangeOfJsonSchema(schema: z.core.JSONSchema.BaseSchema): NumberRange {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  return {
    isInteger: type === 'integer',
    min: Number(exclusiveMinimum ?? minimum ?? Number.NEGATIVE_INFINITY),
    max: Number(exclusiveMaximum ?? maximum ?? Number.POSITIVE_INFINITY),
    excludesMin: exclusiveMinimum !== undefined,
    excludesMax: exclusiveMaximum !== undefined,
  }
}

/** What Mantine's NumberInput has to know of it. What is out of range stays as it was typed, to be told about. */
export function inputPropsOf({ isInteger, min, max }: NumberRange) {
  return { min, max, allowDecimal: !isInteger, clampBehavior: 'none' as const }
}

/** What is wrong with the value of a number field; null where nothing is. */
export function checkNumber(value: unknown, range: NumberRange): string | null {
  const { isInteger, min, max, excludesMin, excludesMax } = range
  const isRight =
    typeof value === 'number' &&
    (!isInteger || Number.isInteger(value)) &&
    (excludesMin ? value > min : value >= min) &&
    (excludesMax ? value < max : value <= max)
  return isRight ? null : `Enter a ${describeRange(range)}.`
}

/** `whole number from 1 to 10,000`. */
export function describeRange({ isInteger, min, max, excludesMin, excludesMax }: NumberRange): string {
  const [least, most] = [min.toLocaleString('en'), max.toLocaleString('en')]
  const ends =
    excludesMin || excludesMax
      ? `${excludesMin ? 'above' : 'of at least'} ${least} and ${excludesMax ? 'below' : 'at most'} ${most}`
      : `from ${least} to ${most}`
  return `${isInteger ? 'whole number' : 'number'} ${ends}`
}
