import { hasField, type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { readAt } from './recipe-paths.ts'

/** A recipe in words, a row for each field. What is off, or as every recipe is unless it says otherwise, goes unsaid. */
export function describeRecipe(
  recipe: unknown,
  { fields }: RecipeDefinition = recipeDefinition,
): [label: string, words: string][] {
  return fields
    .filter((field) => hasField(recipe, field) && !goesUnsaid(field, readAt(recipe, field.path)))
    .map((field) => [field.label, sayValue(field, readAt(recipe, field.path))])
}

function goesUnsaid({ defaultValue }: RecipeField, value: unknown): boolean {
  return value === undefined || value === null || value === false || value === defaultValue
}

/** A field's value in words, as a recipe or its form has it. */
export function sayValue(
  { placeholder = 'off', value: { type }, words }: RecipeField,
  value: unknown,
): string {
  if (type === 'FLAG') return value === true ? 'yes' : 'no'
  if (value === undefined || value === null || value === '') return placeholder
  if (Array.isArray(value)) return value.join(', ')
  return words?.[String(value)] ?? String(value)
}

/** What a top-level key of a recipe is called, `optimizer`, and what a recipe has there. */
export function describePart(
  recipe: unknown,
  key: string,
  { fields }: RecipeDefinition = recipeDefinition,
): [name: string, words: string] {
  const own = fields.filter((field) => `${field.path}.`.startsWith(`${key}.`) && hasField(recipe, field))
  const name = own.find(({ path }) => path === key || path === `${key}.kind`)?.label ?? spellOut(key)
  const said = own.filter((field) => !goesUnsaid(field, readAt(recipe, field.path)))
  const words = (said.length > 0 ? said : own.slice(0, 1)).map((field) => {
    const value = sayValue(field, readAt(recipe, field.path))
    return field.label === name ? value : `${field.label} ${value}`
  })
  return [name, words.join(', ')]
}

/** `inputSize` as `Input size`. */
function spellOut(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
