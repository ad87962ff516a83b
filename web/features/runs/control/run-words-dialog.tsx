'use client'

import { Alert, Button, Group, Modal, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { MAX_TAGS, NAME_LENGTHS, NOTES_LENGTH } from '../../../../contract/limits.ts'
import { UpdateRunDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import type { PageRun } from '../live/run-feed.ts'

/** A run's name, tags and notes. */
export function RunWordsDialog({ run, onClose }: { run: PageRun; onClose: () => void }) {
  const [name, setName] = useState(run.name ?? '')
  const [tags, setTags] = useState([...run.tags])
  const [notes, setNotes] = useState(run.notes ?? '')
  const [problems, setProblems] = useState<string[]>([])
  const [updateRun, busy] = useMutationWithRetry(UpdateRunDocument, { refetchQueries: ['RunPage'] })
  const save = async () => {
    const answer = await updateRun({ input: { runId: run.id, name, tags, notes } })
    if (!answer) return
    setProblems(answer.updateRun.errors.map(({ message }) => message))
    if (answer.updateRun.run) onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Run ${run.number}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextInput
          label="Name"
          placeholder={run.cohort.name}
          maxLength={NAME_LENGTHS.run}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data-autofocus
        />
        <TagsInput
          label="Tags"
          description="Enter adds one. The list of runs is filtered by them."
          maxTags={MAX_TAGS}
          value={tags}
          onChange={setTags}
        />
        <Textarea
          label="Notes"
          description="Markdown, shown on the overview: what was tried and why, what came of it."
          autosize
          minRows={5}
          maxRows={16}
          maxLength={NOTES_LENGTH}
          value={notes}
          onChange={({ currentTarget }) => setNotes(currentTarget.value)}
        />
        {problems.map((problem) => (
          <Alert key={problem} color="red" variant="light" role="alert">
            {problem}
          </Alert>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
