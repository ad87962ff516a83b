'use client'

import { ActionIcon, Autocomplete, Button, NumberInput, Radio, Select, Text, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { CLASS_NAME_LENGTH } from '../../../../contract/limits.ts'
import { FormErrors } from '../../../design/error-notice.tsx'
import { countOf } from '../../../design/format-numbers.ts'
import { EditDatasetVersionDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import type { Version } from '../dataset-version.ts'
import type { Selection } from '../pictures/use-selection.ts'

interface Props {
  version: Version
  selection: Selection
  onDone: () => void
}

interface Rename {
  key: number
  from: string | null
  to: string
}

type Fate = 'keep' | 'drop' | 'move'

/**
 * Makes another version of this one: images dropped or moved, classes renamed or merged, fewer of each class. Of
 * identities nothing is moved, and only what is learned may become less: the rest would be another test.
 */
export function EditVersionForm({ version, selection, onDone }: Props) {
  const [editVersion, busy] = useMutationWithRetry(EditDatasetVersionDocument, {
    refetchQueries: ['DatasetPage'],
  })
  const [fate, setFate] = useState<Fate>(selection.count > 0 ? 'drop' : 'keep')
  const [renames, setRenames] = useState<Rename[]>([])
  const [perClass, setPerClass] = useState<{ train: number | ''; test: number | '' }>({ train: '', test: '' })
  const [problems, setProblems] = useState<string[]>([])
  const isRetrieval = version.retrieval !== null
  const what = isRetrieval ? 'identity' : 'class'
  const submit = async () => {
    const places = selection.places()
    const hasSubset = perClass.train !== '' || perClass.test !== ''
    const answer = await editVersion({
      input: {
        datasetVersionId: version.id,
        edit: {
          drop: fate === 'drop' ? places : [],
          move: fate === 'move' ? places : [],
          rename: renames.map(({ from, to }) => ({ from: from ?? '', to: to.trim() })),
          subset: hasSubset
            ? {
                trainPerClass: perClass.train === '' ? null : perClass.train,
                testPerClass: perClass.test === '' ? null : perClass.test,
              }
            : null,
        },
      },
    })
    if (!answer) return
    const { errors } = answer.editDatasetVersion
    setProblems(errors.map(({ message }) => message))
    if (errors.length === 0) {
      selection.clear()
      onDone()
    }
  }
  return (
    <form
      aria-label="Edit the version"
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <FormErrors messages={problems} />
      <Text size="sm" c="dimmed">
        Version {version.number} stays as it is; what you change here becomes the next version.
      </Text>
      {selection.count > 0 && (
        <Radio.Group
          label={`${countOf(selection.count, 'image')} chosen in the grid`}
          value={fate}
          onChange={(value) => setFate(value as Fate)}
        >
          <div className="mt-2 flex flex-wrap gap-4">
            <Radio value="drop" label="Leave them out" />
            {!isRetrieval && <Radio value="move" label="Move them to the other split" />}
            <Radio value="keep" label="Keep them" />
          </div>
        </Radio.Group>
      )}
      <Renames what={what} classes={version.classes} renames={renames} onChange={setRenames} />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {(isRetrieval ? (['train'] as const) : (['train', 'test'] as const)).map((split) => (
          <NumberInput
            key={split}
            label={`Most images of ${isRetrieval ? 'an identity' : 'a class'} in ${split}`}
            placeholder="all"
            min={1}
            allowDecimal={false}
            value={perClass[split]}
            onChange={(value) =>
              setPerClass({ ...perClass, [split]: typeof value === 'number' ? value : '' })
            }
          />
        ))}
      </div>
      <Button type="submit" loading={busy} className="self-start">
        Create version
      </Button>
    </form>
  )
}

interface RenamesProps {
  what: 'class' | 'identity'
  classes: string[]
  renames: Rename[]
  onChange: (renames: Rename[]) => void
}

function Renames({ what, classes, renames, onChange }: RenamesProps) {
  const change = (key: number, part: Partial<Rename>) =>
    onChange(renames.map((rename) => (rename.key === key ? { ...rename, ...part } : rename)))
  return (
    <div className="flex flex-col gap-2">
      {renames.map(({ key, from, to }) => (
        <div key={key} className="flex items-end gap-2">
          {what === 'class' ? (
            <Select
              label="Class"
              required
              searchable
              limit={200}
              data={classes}
              value={from}
              onChange={(value) => change(key, { from: value })}
              className="flex-1"
            />
          ) : (
            // Also those of queries and gallery, which are not among the classes.
            <Autocomplete
              label="Identity"
              required
              limit={200}
              data={classes}
              value={from ?? ''}
              onChange={(value) => change(key, { from: value })}
              className="flex-1"
            />
          )}
          <TextInput
            label="Becomes"
            required
            maxLength={CLASS_NAME_LENGTH}
            value={to}
            onChange={(event) => change(key, { to: event.currentTarget.value })}
            className="flex-1"
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Do not rename"
            mb={5}
            onClick={() => onChange(renames.filter((rename) => rename.key !== key))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        className="self-start"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...renames, { key: (renames.at(-1)?.key ?? 0) + 1, from: null, to: '' }])}
      >
        {what === 'class' ? 'Rename or merge a class' : 'Merge or renumber an identity'}
      </Button>
      {renames.length > 0 && (
        <Text size="xs" c="dimmed">
          {what === 'class'
            ? 'Renaming a class to the name of another merges the two.'
            : 'Renumbering an identity to another merges the two in every split; a training identity must not become a query identity.'}
        </Text>
      )}
    </div>
  )
}
