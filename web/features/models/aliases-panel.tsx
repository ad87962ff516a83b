'use client'

import { Button, CloseButton, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ALIAS_LENGTH } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { Panel } from '../../design/panel.tsx'
import {
  RemoveModelAliasDocument,
  SetModelAliasDocument,
  type TrainedRowFragment,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { nameOf } from './trained-words.ts'

const REFETCHED = { refetchQueries: ['TrainedPage', 'Registry'] }

/** A model's aliases, each unique within the dataset; assigning one moves it from the model that had it. */
export function AliasesPanel({ trained }: { trained: TrainedRowFragment }) {
  const { mayChange } = useTeam()
  const [name, setName] = useState('production')
  const [problems, setProblems] = useState<string[]>([])
  const [setAlias, busy] = useMutationWithRetry(SetModelAliasDocument, REFETCHED)
  const [removeAlias] = useMutationWithRetry(RemoveModelAliasDocument, REFETCHED)
  const give = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await setAlias({ input: { id: trained.id, name: name.trim() } })
    if (answer) setProblems(answer.setModelAlias.errors.map(({ message }) => message))
  }
  return (
    <Panel
      title="Aliases"
      note={`An alias refers to one model of ${trained.run.datasetVersion.dataset.name} at a time; setting it again moves it.`}
    >
      <ul className="m-0 mb-3 list-none p-0">
        {trained.aliases.map((alias) => (
          <li key={alias.name} className="flex items-center gap-1 text-sm font-medium">
            {alias.name}
            {mayChange && (
              <CloseButton
                size="sm"
                aria-label={`Take the alias ${alias.name} from ${nameOf(trained)}`}
                onClick={() => void removeAlias({ input: { id: trained.id, name: alias.name } })}
              />
            )}
          </li>
        ))}
      </ul>
      {trained.aliases.length === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          None yet.
        </Text>
      )}
      {mayChange && (
        <form onSubmit={give} className="flex flex-col gap-2" aria-label="Give an alias">
          <FormErrors messages={problems} />
          <div className="flex items-end gap-2">
            <TextInput
              className="flex-1"
              label="Alias"
              maxLength={ALIAS_LENGTH}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={busy}>
              Give
            </Button>
          </div>
        </form>
      )}
    </Panel>
  )
}
