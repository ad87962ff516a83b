'use client'

import type { ReactNode } from 'react'
import { Disclosure } from '../../design/disclosure.tsx'
import { hasField, type RecipeDefinition, type RecipeField, recipeDefinition } from './recipe-definition.ts'
import { ChangedMark, RecipeFieldInput, type RecipeForm } from './recipe-field.tsx'
import { readAt } from './recipe-paths.ts'
import { changedFields, valuesOf } from './recipe-values.ts'
import { formatValue } from './recipe-words.ts'

interface Props {
  form: RecipeForm
  /** A complete recipe, which every field is compared with, and what it is: `Preset`, or `Run 5`. */
  compared: { recipe: object; name: string }
  definition?: RecipeDefinition
  /** Shown beside the fields that are always visible. */
  children?: ReactNode
}

/** Every field of a recipe that a user may change, marked if it differs from the compared recipe. */
export function RecipeFields({ form, compared, definition = recipeDefinition, children }: Props) {
  const { recipe } = form.getValues()
  const usual = valuesOf(compared.recipe, definition)
  const changed = changedFields(recipe, compared.recipe, definition)
  const fields = definition.fields.filter((field) => hasField(recipe, field))
  const sections = new Set(fields.flatMap(({ section }) => section ?? []))
  const inputsOf = (section?: string) =>
    fields
      .filter((field) => field.section === section)
      .map((field) => <RecipeFieldInput key={field.path} form={form} field={field} usual={usual} />)
  return (
    <div className="flex flex-col gap-4">
      <Grid>
        {inputsOf()}
        {children}
      </Grid>
      {[...sections].map((section) => (
        <div key={section} className="border-t border-[var(--line)] pt-3">
          <Disclosure
            label={section}
            summary={
              <SectionChanges
                changed={changed.filter((field) => field.section === section)}
                usual={usual}
                name={compared.name}
              />
            }
          >
            <Grid>{inputsOf(section)}</Grid>
          </Disclosure>
        </div>
      ))}
    </div>
  )
}

function Grid({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 items-start gap-4 sm:grid-cols-4">{children}</div>
}

/** Summarizes the changes in a collapsed section; in an open one each field shows its own. */
function SectionChanges({ changed, usual, name }: { changed: RecipeField[]; usual: object; name: string }) {
  if (changed.length === 0) return null
  const before = changed.map((field) => `${field.label} ${formatValue(field, readAt(usual, field.path))}`)
  return (
    <p className="m-0 mt-1 flex flex-wrap items-center gap-2 text-xs text-[var(--mantine-color-dimmed)]">
      <ChangedMark />
      {name}: {before.join(', ')}
    </p>
  )
}
