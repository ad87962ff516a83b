'use client'

import { Badge, Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { inputPropsOf } from '../../forms/number-range.ts'
import type { RecipeField } from './recipe-definition.ts'
import { readAt } from './recipe-paths.ts'
import type { RecipeValues } from './recipe-values.ts'
import { formatValue } from './recipe-words.ts'

/** A Mantine form whose values include a recipe. */
export interface RecipeForm {
  getValues(): { recipe: RecipeValues }
  // biome-ignore lint/suspicious/noExplicitAny: Mantine's own type; the result is passed to an input
  getInputProps(path: string, options?: { type: 'checkbox' }): any
}

interface Props {
  form: RecipeForm
  field: RecipeField
  /** The preset's values. */
  usual: RecipeValues
}

/** The control for a field's type, with a mark if it differs from the preset. */
export function RecipeFieldInput({ form, field, usual }: Props) {
  const { label, path, placeholder, step, value, words } = field
  const note = (
    <FieldNote field={field} usual={readAt(usual, path)} value={readAt(form.getValues().recipe, path)} />
  )
  const shared = {
    label,
    description: note,
    inputWrapperOrder: ['label' as const, 'input' as const, 'description' as const, 'error' as const],
    ...form.getInputProps(`recipe.${path}`, value.type === 'FLAG' ? { type: 'checkbox' } : undefined),
  }
  if (value.type === 'FLAG') {
    const { inputWrapperOrder: _, ...checkbox } = shared
    return <Checkbox className="self-center" {...checkbox} />
  }
  if (value.type === 'CHOICE')
    return (
      <Select
        allowDeselect={false}
        data={value.options.map((option) => ({ value: option, label: words?.[option] ?? option }))}
        {...shared}
      />
    )
  if (value.type === 'NUMBER_LIST') return <TextInput placeholder={placeholder} {...shared} />
  return (
    <NumberInput
      {...inputPropsOf(value.range)}
      decimalScale={10}
      step={step ?? 1}
      hideControls={step === undefined}
      placeholder={placeholder ?? (field.nullPath === null ? undefined : 'off')}
      {...shared}
    />
  )
}

/** Marks something that differs from the preset. */
export function ChangedMark() {
  return (
    <Badge component="span" size="xs" variant="light" className="normal-case">
      changed
    </Badge>
  )
}

/** A field's note, or the preset's value if the field was changed. */
function FieldNote({ field, usual, value }: { field: RecipeField; usual: unknown; value: unknown }) {
  if (usual === value) return field.note
  return (
    <span className="flex flex-wrap items-center gap-1">
      <ChangedMark /> from {formatValue(field, usual)}
    </span>
  )
}
