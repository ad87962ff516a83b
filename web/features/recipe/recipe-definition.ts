import type { z } from 'zod'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { type FieldLine, RECIPE_FIELDS } from './field-table.ts'
import { leavesOf, type SchemaLeaf } from './read-schema.ts'
import { readAt } from './recipe-paths.ts'

/** A value of a recipe with its presentation. */
export type RecipeField = SchemaLeaf & FieldLine

/** What a recipe form is built from. */
export interface RecipeDefinition {
  schema: z.ZodType
  /** In display order. */
  fields: readonly RecipeField[]
}

/** @throws if the table lacks a line for one of the schema's values, or has a line for an unknown one */
export function defineRecipe(schema: z.ZodType, table: Record<string, FieldLine>): RecipeDefinition {
  const leaves = new Map(leavesOf(schema).map((leaf) => [leaf.path, leaf]))
  const missing = [...leaves.keys()].filter((path) => !(path in table))
  if (missing.length > 0) throw new Error(`The table of recipe fields has no line for ${missing.join(', ')}.`)
  const fields = Object.entries(table).map(([path, line]) => {
    const leaf = leaves.get(path)
    if (!leaf) throw new Error(`The table of recipe fields has “${path}”, which no recipe has.`)
    return { ...leaf, ...line }
  })
  return { schema, fields }
}

/** The service's recipe. */
export const recipeDefinition = defineRecipe(Recipe, RECIPE_FIELDS)

/** Whether a recipe, or a form's values, has the field; Adam, for example, has no momentum. */
export function hasField(recipe: unknown, { onlyWhere }: RecipeField): boolean {
  return onlyWhere === null || onlyWhere.options.includes(String(readAt(recipe, onlyWhere.path)))
}
