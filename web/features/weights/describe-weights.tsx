'use client'

import { Button, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateGivenWeightsDocument, type NormalizationInput } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

/** What weights may expect of images, by the name under which it is chosen. */
const NORMALIZATIONS: Record<string, NormalizationInput> = {
  imagenet: { means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225] },
  half: { means: [0.5], deviations: [0.5] },
  unit: { means: [0], deviations: [1] },
}
const CHOICES = [
  { value: 'file', label: 'As the file or its names say' },
  { value: 'imagenet', label: 'ImageNet’s means and deviations' },
  { value: 'half', label: 'Pixels from -1 to 1' },
  { value: 'unit', label: 'Pixels from 0 to 1' },
]

interface Props {
  teamId: string
  uploadId: string
  fileName: string
  onLeave: () => void
  onCreated: () => void
}

export function DescribeWeights({ teamId, uploadId, fileName, onLeave, onCreated }: Props) {
  const [create, busy] = useMutationWithRetry(CreateGivenWeightsDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: {
      name: fileName.replace(/\.[a-z0-9]+$/i, '').slice(0, NAME_LENGTHS.givenWeights),
      licence: '',
      origin: '',
      normalization: 'file',
    },
    validate: { name: (value) => (value.trim() ? null : 'Give the weights a name.') },
  })
  const submit = form.onSubmit(async ({ name, licence, origin, normalization: chosen }) => {
    // None where the file says it.
    const normalization = NORMALIZATIONS[chosen] ?? null
    const texts = { name: name.trim(), licence: licence.trim() || null, origin: origin.trim() || null }
    const answer = await create({ input: { teamId, uploadId, ...texts, normalization } })
    if (!answer) return
    const { givenWeights, errors } = answer.createGivenWeights
    setProblems(showFieldErrors(form, errors, ['name', 'licence', 'origin', 'normalization']))
    if (givenWeights) onCreated()
  })
  return (
    <form onSubmit={submit} aria-label="Describe the weights" className="flex max-w-xl flex-col gap-4">
      <FormErrors messages={problems} />
      <TextInput
        label="Name"
        description={`${fileName} is uploaded and verified.`}
        maxLength={NAME_LENGTHS.givenWeights}
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Licence"
        description="Shown in the cards of all models that begin with them."
        placeholder="BSD-3-Clause"
        maxLength={200}
        {...form.getInputProps('licence')}
      />
      <TextInput
        label="Source"
        placeholder="https://download.pytorch.org/models/…"
        maxLength={500}
        {...form.getInputProps('origin')}
      />
      <Select
        label="Images are normalised"
        description="For the whole cohort, as the weights expect it."
        data={CHOICES}
        allowDeselect={false}
        {...form.getInputProps('normalization')}
      />
      <div className="flex gap-2">
        <Button type="submit" loading={busy}>
          Add the weights
        </Button>
        <Button variant="default" onClick={onLeave}>
          Not now
        </Button>
      </div>
    </form>
  )
}
