import { Alert, List } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { warnOfRecipe } from '../../../contract/recipes/recipe-warnings.ts'
import { overridesOf, type RecipeJson, type RecipeValues } from './recipe-values.ts'

interface Props {
  values: RecipeValues
  preset: RecipeJson
  /** Images in the training split. */
  trainCount: number
}

/** Warnings about a valid recipe that is unlikely to train well; they do not prevent a start. */
export function RecipeWarnings({ values, preset, trainCount }: Props) {
  const recipe = Recipe.safeParse({ ...preset, ...overridesOf(values, preset) })
  const warnings =
    recipe.success && recipe.data.batchSize <= trainCount ? warnOfRecipe(recipe.data, trainCount) : []
  if (warnings.length === 0) return null
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconAlertCircle size={18} />}
      title="This recipe may not train well"
      role="status"
    >
      <List size="sm" spacing={4}>
        {warnings.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>{message}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
