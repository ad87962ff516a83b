import type { z } from 'zod'
import { Recipe } from '../../../contract/recipe.ts'
import { type FieldLine, RECIPE_FIELDS } from './field-table.ts'
import { leavesOf, type SchemaLeaf } from './read-schema.ts'
import { readAt } from './recipe-paths.ts'

/** A value of a recipe with what is said of it. */
export type RecipeField = SchemaLeaf & FieldLine

/** What a form of recipes is made from. */
export interface RecipeDefinition {
  schema: z.ZodType
  /** In the order in which they are shown. */
  fields: readonly RecipeField[]
}

/** @throws Error where the table lacks a line for one of the schema's values, or has one that the schema does not know */
export function defineRecipe(schema: z.ZodType, table: Record<string, FieldLine>): RecipeDefinition {
  const leaves = new Map(leavesOf(schema).map((leaf) => [leaf.path, leaf]))
  const untold = [...leaves.keys()].filter((path) => !(path in table))
  if (untold.length > 0) throw new Error(`The table of recipe fields has no line for ${untold.join(', ')}.`)
  const fields = Object.entries(table).map(([path, line]) => {
    const leaf = leaves.get(path)
    if (!leaf) throw new Error(`The table of recipe fields has “${path}”, which no recipe has.`)
    return { ...leaf, ...line }
  })
  return { schema, fields }
}

/** The recipe of the service. */
export const recipeDefinition = defineRecipe(Recipe, RECIPE_FIELDS)

/** Whether a recipe, or a form's values of one, has the field: Adam has no momentum. */
export function hasField(recipe: unknown, { onlyWhere }: RecipeField): boolean {
  return onlyWhere === null || onlyWhere.options.includes(String(readAt(recipe, onlyWhere.path)))
}
