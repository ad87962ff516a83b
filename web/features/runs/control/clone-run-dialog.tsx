'use client'

import { Alert, Button, Group, JsonInput, Modal, NumberInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { checkNumber, inputPropsOf } from '../../../forms/number-range.ts'
import { CloneRunDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { checkChanges } from '../../recipe/check-recipe.ts'
import type { RecipeJson } from '../../recipe/recipe-values.ts'
import type { PageRun } from '../live/run-feed.ts'
import { seedRange } from '../run-form-values.ts'

interface Props {
  run: PageRun
  base: string
  onClose: () => void
}

/** Starts a run like this one, optionally with another seed or changed recipe keys. */
export function CloneRunDialog({ run, base, onClose }: Props) {
  const router = useRouter()
  const [cloneRun, busy] = useMutationWithRetry(CloneRunDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: { seed: run.seed, recipe: '' },
    validate: {
      seed: (seed) => checkNumber(seed, seedRange),
      recipe: (text) => {
        const changes = readChanges(text)
        return changes
          ? checkChanges(changes, run.recipe as RecipeJson).join(' ') || null
          : 'This is not a JSON object.'
      },
    },
  })
  const submit = form.onSubmit(async ({ seed, recipe }) => {
    const answer = await cloneRun({ input: { runId: run.id, seed, recipe: readChanges(recipe) } })
    if (!answer) return
    setProblems(answer.cloneRun.errors.map(({ message }) => message))
    if (answer.cloneRun.run) router.push(`${base}/runs/${answer.cloneRun.run.number}`)
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Clone run ${run.number}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form onSubmit={submit}>
        <Text size="sm" mb="sm">
          The same cohort, images and recipe, except for your changes.
        </Text>
        <NumberInput
          label="Seed"
          {...inputPropsOf(seedRange)}
          data-autofocus
          {...form.getInputProps('seed')}
        />
        <JsonInput
          label="Changes to the recipe"
          description="As JSON; omitted keys keep their values."
          placeholder={'{ "epochs": 20 }'}
          autosize
          minRows={3}
          mt="sm"
          {...form.getInputProps('recipe')}
        />
        {problems.map((problem) => (
          <Alert key={problem} color="red" variant="light" mt="sm" role="alert">
            {problem}
          </Alert>
        ))}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Start the clone
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

/** Undefined if the text is not a JSON object; empty text means no changes. */
function readChanges(text: string): RecipeJson | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
