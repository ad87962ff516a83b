'use client'

import { Badge, NumberInput, type NumberInputProps, Select } from '@mantine/core'
import { type RecipeValues, valuesOf } from './recipe-values.ts'
import type { RecipeShape } from './recipe-words.ts'

/** A form of Mantine’s that holds a recipe among its values. */
export interface RecipeForm {
  getValues(): { recipe: RecipeValues }
  // biome-ignore lint/suspicious/noExplicitAny: as Mantine has it; what comes back is handed to an input
  getInputProps(path: string, options?: { type: 'checkbox' }): any
}

export interface RecipeFormProps {
  form: RecipeForm
  /** The preset's whole recipe, with which every field is compared. */
  preset: RecipeShape
  /** Keys that differ from it. */
  changed: string[]
}

/** Stands where something differs from the preset. */
export function ChangedMark() {
  return (
    <Badge size="xs" variant="light" className="normal-case">
      changed
    </Badge>
  )
}

interface FieldProps extends RecipeFormProps {
  /** In the recipe: `optimizer.momentum`. */
  path: string
  label: string
  note?: string
}

/** A number of the recipe, with a mark where it was changed. */
export function NumberField({
  form,
  preset,
  changed: _,
  path,
  note,
  ...input
}: FieldProps & Omit<NumberInputProps, 'form'>) {
  const usual = at(valuesOf(preset), path)
  return (
    <NumberInput
      hideControls={input.step === undefined}
      decimalScale={10}
      description={<FieldNote note={note} usual={usual} value={at(form.getValues().recipe, path)} />}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...input}
      {...form.getInputProps(`recipe.${path}`)}
    />
  )
}

/** One of a few words of the recipe, with a mark where it was changed. */
export function ChoiceField({
  form,
  preset,
  path,
  label,
  words,
  note,
}: FieldProps & { words: Record<string, string> }) {
  const usual = String(at(valuesOf(preset), path))
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={Object.entries(words).map(([value, word]) => ({ value, label: word }))}
      description={
        <FieldNote
          note={note}
          usual={words[usual]}
          value={words[String(at(form.getValues().recipe, path))]}
        />
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...form.getInputProps(`recipe.${path}`)}
    />
  )
}

/** What a field is for; where it was changed, what the preset has in its place. */
function FieldNote({ note, usual, value }: { note?: string | undefined; usual: unknown; value: unknown }) {
  if (usual === value) return note
  return (
    <span className="flex flex-wrap items-center gap-1">
      <ChangedMark /> from {usual === '' ? 'off' : String(usual)}
    </span>
  )
}

function at(values: object, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], values)
}
