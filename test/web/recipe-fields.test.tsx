import { MantineProvider } from '@mantine/core'
import { useForm } from '@mantine/form'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Recipe } from '../../contract/recipes/recipe.ts'
import { resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import { checkRecipe } from '../../web/features/recipe/check-recipe.ts'
import { RECIPE_FIELDS } from '../../web/features/recipe/field-table.ts'
import {
  defineRecipe,
  type RecipeDefinition,
  recipeDefinition,
} from '../../web/features/recipe/recipe-definition.ts'
import { RecipeFields } from '../../web/features/recipe/recipe-fields.tsx'
import { overridesOf, valuesOf } from '../../web/features/recipe/recipe-values.ts'
import { focusProblems } from '../../web/forms/focus-problem.ts'

let sent: unknown
interface FormProps {
  preset: object
  definition?: RecipeDefinition
  env?: 'test' | 'default'
}

function Form({ preset, definition = recipeDefinition, env = 'test' }: FormProps) {
  const form = useForm({
    initialValues: { recipe: valuesOf(preset, definition) },
    validate: ({ recipe }) => checkRecipe(recipe, preset, definition),
  })
  return (
    <MantineProvider env={env}>
      <form
        onSubmit={form.onSubmit(({ recipe }) => {
          sent = overridesOf(recipe, preset, definition)
        })}
      >
        <RecipeFields form={form} compared={{ recipe: preset, name: 'Preset' }} definition={definition} />
        <button type="submit">Send</button>
      </form>
    </MantineProvider>
  )
}

function open(props: Parameters<typeof Form>[0]) {
  sent = undefined
  render(<Form {...props} />)
  for (const section of screen.getAllByRole('button', { expanded: false })) fireEvent.click(section)
}
const labels = () => [...document.querySelectorAll('label')].map(({ textContent }) => textContent)
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const submit = () => fireEvent.click(screen.getByText('Send'))
function choose(label: string, option: string) {
  fireEvent.click(screen.getByLabelText(label, { selector: 'input' }))
  fireEvent.click(screen.getByText(option))
}

describe('the form of a recipe', () => {
  it('opens the section of a field that is refused, gives it the focus and says what is wrong', async () => {
    const stop = focusProblems(document)
    render(<Form preset={resolveRecipe('cifar-paper')} env="default" />)
    const section = screen.getByRole('button', { name: 'Optimizer', expanded: false })
    fireEvent.click(section)
    type('Momentum', '')
    fireEvent.click(section)
    submit()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Momentum')))
    expect(section.getAttribute('aria-expanded')).toBe('true')
    const described = document.activeElement!.getAttribute('aria-describedby')!.split(' ')
    expect(described.map((id) => document.getElementById(id)?.textContent).join()).toContain(
      'Enter a number of at least 0',
    )
    stop()
  })

  it('shows the fields that the kinds of the recipe at hand have, and those of others once chosen', () => {
    open({ preset: resolveRecipe('cifar-paper') })
    expect(labels()).toContain('Nesterov momentum')
    expect(labels()).not.toContain('Beta 1')
    choose('Optimizer', 'AdamW')
    expect(labels()).toContain('Beta 1')
    expect(labels()).not.toContain('Nesterov momentum')
    submit()
    expect(sent).toEqual({
      optimizer: {
        kind: 'ADAMW',
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 5e-4,
        skipDepthwise: false,
      },
    })
  })

  it('marks what was changed once, and says from what: beside the field, or under its section where that is closed', () => {
    open({ preset: resolveRecipe('cifar-paper') })
    expect(screen.queryByText('changed')).toBeNull()
    type('Momentum', '0.8')
    choose('Precision', 'bfloat16')
    expect(screen.getAllByText('changed').map((mark) => mark.closest('span.flex')?.textContent)).toEqual([
      'changed from 0.9',
      'changed from float32',
    ])
    expect(screen.queryByText(/^Preset:/)).toBeNull()
    for (const section of screen.getAllByRole('button', { expanded: true })) fireEvent.click(section)
    expect(screen.getAllByText(/^Preset:/).map(({ textContent }) => textContent)).toEqual([
      'changedPreset: Momentum 0.9',
      'changedPreset: Precision float32',
    ])
  })

  it('says beside the field what the schema would refuse, and sends nothing', () => {
    open({ preset: resolveRecipe('cifar-paper') })
    type('Epochs', '20000')
    submit()
    expect(screen.getByText('Enter a whole number from 1 to 10,000.')).toBeDefined()
    expect(sent).toBeUndefined()
  })

  it('has a new field from the schema and one line of the table, whatever its type', () => {
    const schema = z.strictObject({
      ...Recipe.shape,
      focalGamma: z.number().min(0).max(5).nullable().default(null),
      mixup: z.boolean().default(false),
      initialisation: z.enum(['HE', 'ORTHOGONAL']).default('HE'),
    })
    const definition = defineRecipe(schema, {
      ...RECIPE_FIELDS,
      focalGamma: { label: 'Focal gamma', section: 'Labels' },
      mixup: { label: 'Mix images' },
      initialisation: { label: 'First weights', words: { HE: 'He', ORTHOGONAL: 'Orthogonal' } },
    })
    open({ preset: schema.parse(resolveRecipe('cifar-paper')), definition })
    type('Focal gamma', '9')
    submit()
    expect(screen.getByText('Enter a number from 0 to 5.')).toBeDefined()
    type('Focal gamma', '2')
    fireEvent.click(screen.getByLabelText('Mix images'))
    choose('First weights', 'Orthogonal')
    submit()
    expect(sent).toEqual({ focalGamma: 2, mixup: true, initialisation: 'ORTHOGONAL' })
  })
})
