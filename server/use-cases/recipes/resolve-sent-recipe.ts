import { z } from 'zod'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import { type PresetName, resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { toAppError } from '../parse-input.ts'

/** @param overrides  as somebody sent them @throws AppError INVALID_INPUT that names the field */
export function resolveSentRecipe(preset: PresetName, overrides: unknown): Recipe {
  try {
    return resolveRecipe(preset, overrides ?? {})
  } catch (error) {
    if (error instanceof z.ZodError) throw toAppError(error, ['recipe'])
    throw error
  }
}
