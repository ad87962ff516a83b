import { Button, Code, Text } from '@mantine/core'
import { Disclosure } from '../../design/disclosure.tsx'
import { Facts } from '../../design/facts.tsx'
import { Panel } from '../../design/panel.tsx'
import { changedFields, overridesOf, type RecipeJson, type RecipeValues } from './recipe-values.ts'
import { describeRecipe } from './recipe-words.ts'

interface Props {
  values: RecipeValues
  preset: RecipeJson
  presetTitle: string
  onReset: () => void
  className?: string
}

/** The recipe as it would be sent, with its differences from the preset. */
export function ResolvedRecipe({ values, preset, presetTitle, onReset, className }: Props) {
  const changed = changedFields(values, preset)
  const recipe = { ...preset, ...overridesOf(values, preset) }
  return (
    <Panel title="Resolved recipe" className={className}>
      <Facts columns="grid-cols-2 !gap-y-3" facts={describeRecipe(recipe)} />
      <div className="mt-4">
        <Disclosure label="As JSON">
          <Code block className="max-h-80 overflow-auto">
            {JSON.stringify(recipe, null, 2)}
          </Code>
        </Disclosure>
      </div>
      {changed.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mt="md">
            Differs from {presetTitle}: {changed.map(({ label }) => label).join(', ')}.
          </Text>
          <Button variant="default" size="xs" mt="xs" onClick={onReset}>
            Back to the preset
          </Button>
        </>
      )}
    </Panel>
  )
}
