'use client'

import { Button, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { formatCount, formatShare } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import type { ForkFormQuery } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { groupByFamily } from '../cohorts/architecture-families.ts'
import { type CohortValues, cohortRules } from '../cohorts/cohort-form-values.ts'
import { placeErrors } from '../cohorts/place-errors.ts'
import { StudentRows } from '../cohorts/student-rows.tsx'
import { TeachingFields } from '../cohorts/teaching-fields.tsx'
import { ForkChanges } from './fork-changes.tsx'
import {
  isOtherCohort,
  nameFrom,
  recipeChanges,
  valuesOf,
  whyNotWith,
  withOwnBeginnings,
} from './fork-values.ts'
import { TwinPanel, useForkWishes, WishesPanel } from './fork-wishes.tsx'
import { useForkStart } from './use-fork-start.ts'

type Team = NonNullable<ForkFormQuery['team']>
type Run = NonNullable<Team['run']>

interface Props {
  run: Run
  networks: Team['networks']
  /** The run no longer has the checkpoints that are listed. */
  onStale: () => void
}

export function ForkForm({ run, networks, onStale }: Props) {
  const { base } = useTeam()
  const router = useRouter()
  const [problems, setProblems] = useState<string[]>([])
  const [recipe] = useState(() => Recipe.parse(run.recipe))
  const checkpoints = run.checkpoints.filter(({ kind }) => kind !== 'ORIGIN')
  const wishes = useForkWishes(run, recipe, checkpoints)
  const { step, epochs, withTwin } = wishes.getValues()
  const first = valuesOf(run.cohort, step)
  const form = useForm<CohortValues>({ initialValues: first, validate: cohortRules })
  const values = withOwnBeginnings(first, form.getValues())
  const isOther = isOtherCohort(first, values)
  const changes = recipeChanges(recipe, wishes.getValues())
  const mayHaveTwin = isOther || changes.learningRate !== undefined
  const { start, busy } = useForkStart({
    onCohort: (errors) => setProblems(placeErrors(form, errors)),
    onFork: (errors) => {
      const flat = errors.map((error) => ({ ...error, path: fieldPathOf(error.path) }))
      setProblems(showFieldErrors(wishes, flat, ['step', 'epochs', 'learningRate']))
      if (flat.some(({ path }) => path[0] === 'step')) onStale()
    },
  })
  const choose = (chosen: string | null) => {
    const next = Number(chosen)
    if (form.getValues().name === nameFrom(run.cohort.name, step))
      form.setFieldValue('name', nameFrom(run.cohort.name, next))
    wishes.setFieldValue('step', next)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const misfit = whyNotWith(first, values, recipe, Number(epochs))
    setProblems(misfit ? [misfit] : [])
    // The run's own cohort is right, and its fields may be hidden.
    const checked = [wishes.validate(), ...(isOther ? [form.validate()] : [])]
    const isRight = checked.every(({ hasErrors }) => !hasErrors)
    if (!isRight || misfit) return
    const cohort = isOther ? values : null
    const asked = { runId: run.id, step, cohort, recipe: changes, withTwin: withTwin && mayHaveTwin }
    const number = await start(asked)
    if (number !== null) router.push(`${base}/runs/${number}`)
  }
  return (
    <form
      onSubmit={submit}
      aria-label={`Fork of run ${run.number}`}
      noValidate
      className="flex max-w-3xl flex-col gap-5"
    >
      <Panel title="Checkpoint">
        <Select
          label="Go on after"
          data={checkpoints.map((one) => ({ value: String(one.step), label: labelOf(one) }))}
          allowDeselect={false}
          {...wishes.getInputProps('step')}
          value={String(step)}
          onChange={choose}
        />
      </Panel>
      <Panel
        title="Students"
        note="A student is known by its name. Give whoever takes a student’s place a name of its own."
      >
        <StudentRows
          form={form}
          families={groupByFamily(networks)}
          others={run.cohort.students.map(({ name }) => name)}
        />
        <ForkChanges before={run.cohort.students} after={values.students} />
        {isOther && (
          <TextInput
            mt="md"
            label="Name of the new cohort"
            maxLength={NAME_LENGTHS.cohort}
            {...form.getInputProps('name')}
          />
        )}
      </Panel>
      <Panel title="Teaching from there">
        <TeachingFields form={form} />
      </Panel>
      <WishesPanel wishes={wishes} run={run} recipe={recipe} />
      <TwinPanel wishes={wishes} run={run} isChanged={mayHaveTwin} />
      {/* Beside the button, since the form is longer than a screen. */}
      <FormErrors messages={problems} />
      <div>
        <Button type="submit" loading={busy}>
          Start the fork
        </Button>
      </div>
    </form>
  )
}

/** The form has the recipe's keys flattened. */
function fieldPathOf([first, ...rest]: string[]): string[] {
  return first === 'recipe' ? rest : first === undefined ? [] : [first, ...rest]
}

function labelOf({ step, epoch, kind, testTop1 }: Run['checkpoints'][number]): string {
  const score = testTop1 === null ? '' : `, ${formatShare(testTop1)} on the test images`
  const why = kind === 'BEST' ? ', the best so far' : kind === 'FINAL' ? ', the last' : ''
  return `step ${formatCount(step)}, epoch ${formatCount(epoch)}${score}${why}`
}
