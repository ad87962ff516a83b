import { hasField, type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { readAt } from './recipe-paths.ts'

/** Describes a recipe, one row per field. Fields that are off or have their default are omitted. */
export function describeRecipe(
  recipe: unknown,
  { fields }: RecipeDefinition = recipeDefinition,
): [label: string, words: string][] {
  return fields
    .filter((field) => hasField(recipe, field) && !isOmitted(field, readAt(recipe, field.path)))
    .map((field) => [field.label, formatValue(field, readAt(recipe, field.path))])
}

function isOmitted({ defaultValue }: RecipeField, value: unknown): boolean {
  return value === undefined || value === null || value === false || value === defaultValue
}

/** Formats a field's value, given as in a recipe or as in its form. */
export function formatValue(
  { placeholder = 'off', value: { type }, words }: RecipeField,
  value: unknown,
): string {
  if (type === 'FLAG') return value === true ? 'yes' : 'no'
  if (value === undefined || value === null || value === '') return placeholder
  if (Array.isArray(value)) return value.join(', ')
  return words?.[String(value)] ?? String(value)
}

/** The label of a top-level key such as `optimizer`, and a recipe's value for it. */
export function describePart(
  recipe: unknown,
  key: string,
  { fields }: RecipeDefinition = recipeDefinition,
): [name: string, words: string] {
  const own = fields.filter((field) => `${field.path}.`.startsWith(`${key}.`) && hasField(recipe, field))
  const name = own.find(({ path }) => path === key || path === `${key}.kind`)?.label ?? spellOut(key)
  const said = own.filter((field) => !isOmitted(field, readAt(recipe, field.path)))
  const words = (said.length > 0 ? said : own.slice(0, 1)).map((field) => {
    const value = formatValue(field, readAt(recipe, field.path))
    return field.label === name ? value : `${field.label} ${value}`
  })
  return [name, words.join(', ')]
}

/** `inputSize` as `Input size`. */
function spellOut(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
