import { Text } from '@mantine/core'
import { Disclosure } from '../../design/disclosure.tsx'
import type { RunFormChoicesQuery } from '../../graphql/generated/operations.ts'
import { describePart, nameRecipeKey, type RecipeShape } from './recipe-words.ts'

type Preset = RunFormChoicesQuery['recipePresets'][number]

/** Where a preset differs from the paper's recipe for CIFAR, and why. */
export function PresetReasons({ preset }: { preset: Preset }) {
  if (preset.overrides.length === 0) return null
  const recipe = preset.recipe as RecipeShape
  return (
    <Disclosure label="How it differs from the paper’s for CIFAR, and why">
      <dl className="m-0 flex flex-col gap-2">
        {preset.overrides.map(({ key, why }) => (
          <div key={key}>
            <dt className="text-sm font-medium">
              {capitalize(nameRecipeKey(key))}: {describePart(recipe, key as keyof RecipeShape)}
            </dt>
            <Text component="dd" size="sm" c="dimmed" m={0}>
              {why}
            </Text>
          </div>
        ))}
      </dl>
    </Disclosure>
  )
}

function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
