import { BASE_RECIPE } from '../../../contract/recipe-presets.ts'
import { hasField, type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { readAt, writeAt } from './recipe-paths.ts'

/** What a control holds: a number, or text while it is empty or half typed; a word that was chosen; a tick. */
export type FieldValue = number | string | boolean

/** A recipe as a form holds it, with every field of every kind of optimizer and schedule; empty text is “off”. */
export interface RecipeValues {
  [key: string]: FieldValue | RecipeValues
}

/** A recipe as JSON carries it. */
export type RecipeJson = Record<string, unknown>

/** The form's values of a recipe; what the recipe's kinds do not have gets what is usual. */
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

/** The recipe that a form's values stand for: only the fields that its kinds have. */
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

/** The numbers of a list as it was typed; what is no number is NaN. */
function readNumbers(text: string): number[] {
  return text.split(/[\s,;]+/).flatMap((number) => (number ? [Number(number)] : []))
}

/**
 * What differs from the preset's recipe, whole top-level keys: only that is sent, so that the run says what a person
 * chose. A warm-up that the preset brought and that would be as long as the training is halved, for it would be refused.
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

/** Deeply, whatever the order of the keys; null is what is missing. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return (a ?? null) === (b ?? null)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(readAt(a, key), readAt(b, key)))
}

/** The fields that a person changed: those of the recipe at hand that hold something other than the preset. */
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
