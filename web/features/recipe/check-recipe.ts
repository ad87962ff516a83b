import { describeRange } from '../../forms/number-range.ts'
import { sentence } from '../../forms/sentence.ts'
import { type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { overridesOf, type RecipeJson, type RecipeValues } from './recipe-values.ts'

/** What the service would refuse, by the form's path, so that a person learns of a slip before sending it. */
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

/** The same of changes that were written as JSON: what is wrong, each with the path of the part that is. */
export function checkChanges(
  changes: RecipeJson,
  recipe: object,
  definition: RecipeDefinition = recipeDefinition,
): string[] {
  return problemsOf({ ...recipe, ...changes }, definition).map(({ path, message }) =>
    path === '' ? message : `${path}: ${message}`,
  )
}

interface RecipeProblem {
  path: string
  field: RecipeField | undefined
  message: string
}

/** The schema decides; its words are put anew where they speak of types and not of numbers to enter. */
function problemsOf(recipe: object, definition: RecipeDefinition): RecipeProblem[] {
  const issues = definition.schema.safeParse(recipe).error?.issues ?? []
  const ofFields = issues.filter(({ code }) => code !== 'custom')
  // What fields must be to each other is said once each is right by itself.
  return (ofFields.length > 0 ? ofFields : issues).map((issue) => {
    const path = issue.path.join('.')
    const field = fieldAt(definition, path)
    const isOwnWords = issue.code === 'custom' || !field
    return { path, field, message: isOwnWords ? sentence(issue.message) : expectationOf(field) }
  })
}

/** An issue may lie within a field: one of a list's numbers. */
function fieldAt({ fields }: RecipeDefinition, path: string): RecipeField | undefined {
  return fields.find((field) => `${path}.`.startsWith(`${field.path}.`))
}

function expectationOf({ value }: RecipeField): string {
  if (value.type === 'NUMBER') return `Enter a ${describeRange(value.range)}.`
  if (value.type === 'NUMBER_LIST')
    return `Enter up to ${value.maxCount} numbers, each a ${describeRange(value.range)}.`
  return value.type === 'CHOICE' ? `Choose one of ${value.options.join(', ')}.` : 'Choose true or false.'
}
