'use client'

import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Disclosure } from '../../design/disclosure.tsx'
import { FormTrouble } from '../../design/trouble.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import { CreateDatasetDocument } from '../../graphql/generated/operations.ts'
import { useChange } from '../../graphql/use-change.tsx'
import { useTeam } from '../team/team-context.ts'

interface Props {
  teamId: string
  uploadId: string
  fileName: string
  onLeave: () => void
}

/** After the upload: a name, and sizes for those who do not want the ones found. */
export function NameDatasetForm({ teamId, uploadId, fileName, onLeave }: Props) {
  const router = useRouter()
  const { base } = useTeam()
  const [createDataset, busy] = useChange(CreateDatasetDocument, { refetchQueries: ['Datasets'] })
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: {
      name: fileName.replace(/\.zip$/i, '').slice(0, 120),
      height: '' as number | '',
      width: '' as number | '',
      channels: null as string | null,
    },
    validate: {
      name: (value) => (value.trim() ? null : 'Give the dataset a name.'),
      height: (value, { width }) =>
        (value === '') === (width === '') ? null : 'Give height and width, or neither.',
    },
  })
  const submit = form.onSubmit(async ({ name, height, width, channels }) => {
    const answer = await createDataset({
      input: {
        teamId,
        uploadId,
        name: name.trim(),
        height: height === '' ? null : height,
        width: width === '' ? null : width,
        channels: channels === null ? null : Number(channels),
      },
    })
    if (!answer) return
    const { dataset, errors } = answer.createDataset
    setProblems(showFieldErrors(form, errors, ['name', 'height', 'width', 'channels']))
    if (dataset) router.push(`${base}/datasets/${dataset.id}`)
  })
  const size = { min: 8, max: 512, allowDecimal: false, placeholder: 'as found' }
  return (
    <form onSubmit={submit} aria-label="Name the dataset" className="flex max-w-xl flex-col gap-4">
      <FormTrouble messages={problems} />
      <TextInput
        label="Dataset name"
        description={`${fileName} has arrived, every byte checked.`}
        maxLength={120}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Disclosure label="Picture size and colour">
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
          <NumberInput label="Height, pixels" {...size} {...form.getInputProps('height')} />
          <NumberInput label="Width, pixels" {...size} {...form.getInputProps('width')} />
          <Select
            label="Colour"
            placeholder="as found"
            clearable
            data={[
              { value: '1', label: 'Grey' },
              { value: '3', label: 'Colour' },
            ]}
            {...form.getInputProps('channels')}
          />
        </div>
      </Disclosure>
      <div className="flex gap-2">
        <Button type="submit" loading={busy}>
          Import dataset
        </Button>
        <Button variant="default" onClick={onLeave}>
          Not now
        </Button>
      </div>
    </form>
  )
}
