import { describeRange } from '../../forms/number-range.ts'
import { sentence } from '../../forms/sentence.ts'
import { type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { overridesOf, type RecipeValues } from './recipe-values.ts'

/**
 * Validates the form's values as the service would, so that users see errors before submitting. Errors by
 * path.
 */
export function checkRecipe(
  values: RecipeValues,
  preset: object,
  definition: RecipeDefinition = recipeDefinition,
): Record<string, string> {
  const errors: Record<string, string> = {}
  const sent = { ...preset, ...overridesOf(values, preset, definition) }
  for (const { field, message } of problemsOf(sent, definition))
    if (field) errors[`recipe.${field.path}`] ??= message
  return errors
}

interface RecipeProblem {
  field: RecipeField | undefined
  message: string
}

/** The schema's issues; messages about types are replaced by ones that say what to enter. */
function problemsOf(recipe: object, definition: RecipeDefinition): RecipeProblem[] {
  const issues = definition.schema.safeParse(recipe).error?.issues ?? []
  const ofFields = issues.filter(({ code }) => code !== 'custom')
  // Report constraints between fields only once each field is valid by itself.
  return (ofFields.length > 0 ? ofFields : issues).map((issue) => {
    const path = issue.path.join('.')
    const field = fieldAt(definition, path)
    const isOwnWords = issue.code === 'custom' || !field
    return { field, message: isOwnWords ? sentence(issue.message) : expectationOf(field) }
  })
}

/** The field at a path, or the field that contains it: an issue may concern one number of a list. */
function fieldAt({ fields }: RecipeDefinition, path: string): RecipeField | undefined {
  return fields.find((field) => `${path}.`.startsWith(`${field.path}.`))
}

function expectationOf({ value }: RecipeField): string {
  if (value.type === 'NUMBER') return `Enter a ${describeRange(value.range)}.`
  if (value.type === 'NUMBER_LIST')
    return `Enter up to ${value.maxCount} numbers, each a ${describeRange(value.range)}.`
  return value.type === 'CHOICE' ? `Choose one of ${value.options.join(', ')}.` : 'Choose true or false.'
}
