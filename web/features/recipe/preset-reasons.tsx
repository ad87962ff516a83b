import { Text } from '@mantine/core'
import { Disclosure } from '../../design/disclosure.tsx'
import { describePart } from './recipe-words.ts'

interface Props {
  /** The preset's complete recipe. */
  recipe: unknown
  overrides: { key: string; why: string }[]
}

/** How a preset differs from the paper's recipe for CIFAR, and why. */
export function PresetReasons({ recipe, overrides }: Props) {
  if (overrides.length === 0) return null
  return (
    <Disclosure label="How it differs from the paper’s for CIFAR, and why">
      <dl className="m-0 flex flex-col gap-2">
        {overrides.map(({ key, why }) => (
          <div key={key}>
            <dt className="text-sm font-medium">{describePart(recipe, key).join(': ')}</dt>
            <Text component="dd" size="sm" c="dimmed" m={0}>
              {why}
            </Text>
          </div>
        ))}
      </dl>
    </Disclosure>
  )
}
