import { BASE_RECIPE } from '../../../contract/recipes/recipe-presets.ts'
import { hasField, type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { readAt, writeAt } from './recipe-paths.ts'

/**
 * A control's value: a number, text (also of a number input that is empty or incomplete), or a checkbox's
 * state.
 */
export type FieldValue = number | string | boolean

/**
 * A form's values of a recipe, with the fields of all kinds of optimizer and schedule; empty text means
 * “off”.
 */
export interface RecipeValues {
  [key: string]: FieldValue | RecipeValues
}

/** A recipe as JSON. */
export type RecipeJson = Record<string, unknown>

/** Converts a recipe to form values; fields that its kinds do not have get their defaults. */
export function valuesOf(recipe: object, { fields }: RecipeDefinition = recipeDefinition): RecipeValues {
  return fields.reduce<RecipeValues>((values, field) => {
    const given = readAt(recipe, field.path)
    const value = given === undefined ? usualValue(field) : given
    return writeAt(values, field.path, shownValue(field, value))
  }, {})
}

function usualValue({ path, defaultValue }: RecipeField): unknown {
  return defaultValue === undefined ? readAt(BASE_RECIPE, path) : defaultValue
}

function shownValue({ value: { type } }: RecipeField, value: unknown): FieldValue {
  if (type === 'FLAG') return value === true
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'number' ? value : String(value ?? '')
}

/** Converts form values to a recipe, with only the fields that its kinds have. */
export function recipeOf(values: RecipeValues, { fields }: RecipeDefinition = recipeDefinition): RecipeJson {
  const own = fields.filter((field) => hasField(values, field))
  const isFilled = ({ path }: RecipeField) => readAt(values, path) !== ''
  return own.reduce<RecipeJson>((recipe, field) => {
    const { nullPath, path } = field
    const isLeftOut =
      nullPath !== null && !own.some((other) => other.nullPath === nullPath && isFilled(other))
    return isLeftOut
      ? writeAt(recipe, nullPath, null)
      : writeAt(recipe, path, sentValue(field, readAt(values, path)))
  }, {})
}

function sentValue({ value: { type } }: RecipeField, value: unknown): unknown {
  return type === 'NUMBER_LIST' ? readNumbers(String(value)) : value
}

/** Parses a typed list of numbers; invalid ones become NaN. */
function readNumbers(text: string): number[] {
  return text.split(/[\s,;]+/).flatMap((number) => (number ? [Number(number)] : []))
}

/**
 * The top-level keys that differ from the preset's recipe. Only these are sent, so that the run records what
 * the user chose. A preset's warm-up that would be as long as the training is halved, because it would be
 * rejected.
 */
export function overridesOf(
  values: RecipeValues,
  preset: object,
  definition: RecipeDefinition = recipeDefinition,
): RecipeJson {
  const recipe = recipeOf(values, definition)
  const overrides = Object.fromEntries(
    Object.entries(recipe).filter(([key, value]) => !isSame(value, readAt(preset, key))),
  )
  const [epochs, warmup] = [readAt(recipe, 'epochs'), readAt(recipe, 'schedule.warmupEpochs')]
  if (overrides.schedule || typeof epochs !== 'number' || typeof warmup !== 'number') return overrides
  if (epochs <= 0 || warmup < epochs) return overrides
  return { ...overrides, schedule: readAt(writeAt(recipe, 'schedule.warmupEpochs', epochs / 2), 'schedule') }
}

/** Deep equality, whatever the order of keys; null equals a missing value. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return (a ?? null) === (b ?? null)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(readAt(a, key), readAt(b, key)))
}

/** The fields of the current recipe whose values differ from the preset's. */
export function changedFields(
  values: RecipeValues,
  preset: object,
  definition: RecipeDefinition = recipeDefinition,
): RecipeField[] {
  const usual = valuesOf(preset, definition)
  return definition.fields.filter(
    (field) => hasField(values, field) && readAt(values, field.path) !== readAt(usual, field.path),
  )
}
