import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { networkInputOf, type Recipe } from '../../../contract/recipes/recipe.ts'
import type { DatasetVersion } from '../../../prisma/client.ts'
import type { Training } from './read-speeds.ts'

/** What a network sees of a READY version under a recipe. */
export function trainingOf(version: DatasetVersion, recipe: Recipe | null): Training {
  const { height, width, channels, classes } = PackedDataset.parse(version.manifest)
  const size = { height, width, channels }
  return {
    ...(recipe ? networkInputOf(recipe, size) : size),
    teamId: version.teamId,
    versionId: version.id,
    classes: classes.length,
  }
}
