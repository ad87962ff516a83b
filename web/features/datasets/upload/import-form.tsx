'use client'

import { useQuery } from '@apollo/client/react'
import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { IMAGE_PIXELS, NAME_LENGTHS } from '../../../../contract/limits.ts'
import { FIT_WORDS, FITS, WHITE } from '../../../../contract/packed/preparation.ts'
import { Disclosure } from '../../../design/disclosure.tsx'
import { FormErrors } from '../../../design/error-notice.tsx'
import { showFieldErrors } from '../../../graphql/form-errors.ts'
import {
  CreateDatasetDocument,
  CreateDatasetVersionDocument,
  DatasetFormatsDocument,
  type ImageFit,
} from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../../team-scope.ts'
import { InspectionNote, useInspection } from './inspection-note.tsx'

const COLOUR = /^#[0-9a-f]{6}$/i

interface Props {
  teamId: string
  /** Of which it becomes another version; left out, a dataset of its own. */
  datasetId?: string | undefined
  uploadId: string
  fileName: string
  onLeave: () => void
}

/** After the upload: what it was recognised as, to be confirmed; a name; and sizes for those who do not want the ones found. */
export function ImportForm({ teamId, datasetId, uploadId, fileName, onLeave }: Props) {
  const router = useRouter()
  const { base } = useTeam()
  const { inspection, late } = useInspection(uploadId)
  const formats = useQuery(DatasetFormatsDocument).data?.datasetFormats ?? []
  const [createDataset, creating] = useMutationWithRetry(CreateDatasetDocument, {
    refetchQueries: ['Datasets'],
  })
  const [createVersion, adding] = useMutationWithRetry(CreateDatasetVersionDocument, {
    refetchQueries: ['DatasetPage'],
  })
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm({
    initialValues: {
      name: fileName.replace(/\.(zip|tar|tgz|tar\.gz)$/i, '').slice(0, NAME_LENGTHS.dataset),
      format: null as string | null,
      height: '' as number | '',
      width: '' as number | '',
      channels: null as string | null,
      fit: 'COVER' as ImageFit,
      background: WHITE,
    },
    validate: {
      background: (value) => (COLOUR.test(value) ? null : 'A colour is written #rrggbb.'),
      name: (value) => (datasetId || value.trim() ? null : 'Give the dataset a name.'),
      height: (value, { width }) =>
        (value === '') === (width === '') ? null : 'Give height and width, or neither.',
    },
  })
  const submit = form.onSubmit(async ({ name, format, height, width, channels, fit, background }) => {
    const wishes = {
      uploadId,
      format: format ?? inspection?.format ?? null,
      height: height === '' ? null : height,
      width: width === '' ? null : width,
      channels: channels === null ? null : Number(channels),
      fit,
      background,
    }
    const fields = ['name', 'format', 'height', 'width', 'channels', 'fit', 'background']
    if (datasetId) {
      const answer = await createVersion({ input: { datasetId, ...wishes } })
      if (!answer) return
      const { datasetVersion, errors } = answer.createDatasetVersion
      setProblems(showFieldErrors(form, errors, fields))
      if (datasetVersion) onLeave()
      return
    }
    const answer = await createDataset({ input: { teamId, name: name.trim(), ...wishes } })
    if (!answer) return
    const { dataset, errors } = answer.createDataset
    setProblems(showFieldErrors(form, errors, fields))
    if (dataset) router.push(`${base}/datasets/${dataset.id}`)
  })
  // Another format may read what the recognised one refuses.
  const isRefused = !!inspection?.refusal && form.values.format === null
  const size = { ...IMAGE_PIXELS, allowDecimal: false, placeholder: 'as found' }
  return (
    <form onSubmit={submit} aria-label="Name the dataset" className="flex max-w-xl flex-col gap-4">
      <FormErrors messages={problems} />
      <InspectionNote inspection={inspection} late={late} />
      {!datasetId && (
        <TextInput
          label="Dataset name"
          description={`${fileName} is uploaded and verified.`}
          maxLength={NAME_LENGTHS.dataset}
          data-autofocus
          {...form.getInputProps('name')}
        />
      )}
      <Disclosure label="Format, image size, shape and colour">
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
          <Select
            className="sm:col-span-3"
            label="Read as"
            placeholder={inspection?.title ? `${inspection.title}, as recognised` : 'as recognised'}
            clearable
            data={formats.map(({ name, title }) => ({ value: name, label: title }))}
            {...form.getInputProps('format')}
          />
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
          <Select
            className="sm:col-span-2"
            label="Images of another shape"
            allowDeselect={false}
            data={FITS.map((value) => ({ value, label: FIT_WORDS[value] }))}
            {...form.getInputProps('fit')}
          />
          <TextInput label="Background" placeholder={WHITE} {...form.getInputProps('background')} />
        </div>
      </Disclosure>
      <div className="flex gap-2">
        <Button type="submit" loading={creating || adding} disabled={isRefused || (!inspection && !late)}>
          {datasetId ? 'Import as a new version' : 'Import dataset'}
        </Button>
        <Button variant="default" onClick={onLeave}>
          Not now
        </Button>
      </div>
    </form>
  )
}
