'use client'

import { Button, Group, Modal, TagsInput, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArchive, IconArchiveOff, IconColumns, IconPlayerStop, IconTag } from '@tabler/icons-react'
import { useState } from 'react'
import { MAX_TAGS, TAG_LENGTH } from '../../../contract/limits.ts'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { countOf } from '../../design/format-numbers.ts'
import { LinkButton } from '../../design/link-button.tsx'
import {
  ArchiveRunsDocument,
  CancelRunsDocument,
  type RunTableRowFragment,
  TagRunsDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { MAX_COMPARED_RUNS } from '../run-list/compared-runs.ts'
import { notifyProblems } from '../run-list/notify-problems.ts'

const REFETCH = { refetchQueries: ['RunTable'] }

interface Props {
  runs: readonly RunTableRowFragment[]
  onClear: () => void
}

/** What can be done with the chosen runs. */
export function SelectionBar({ runs, onClear }: Props) {
  const { base, mayChange } = useTeam()
  const isComparable = runs.length >= 2 && runs.length <= MAX_COMPARED_RUNS
  const numbers = runs.map(({ number }) => number).sort((a, b) => a - b)
  return (
    <div
      role="toolbar"
      aria-label="Chosen runs"
      className="flex flex-wrap items-center gap-2 border-y border-[var(--line)] bg-[var(--surface-muted)] px-4 py-2 sm:px-5"
    >
      <Text size="sm" fw={500} className="numbers" aria-live="polite">
        {countOf(runs.length, 'run')} chosen
      </Text>
      {isComparable ? (
        <LinkButton
          href={`${base}/runs/compare?runs=${numbers.join(',')}`}
          size="xs"
          leftSection={<IconColumns size={15} />}
        >
          Compare
        </LinkButton>
      ) : (
        <Button size="xs" disabled leftSection={<IconColumns size={15} />}>
          Compare 2 to {MAX_COMPARED_RUNS}
        </Button>
      )}
      {mayChange && <Changes runs={runs} onDone={onClear} />}
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear
      </Button>
    </div>
  )
}

function Changes({ runs, onDone }: { runs: readonly RunTableRowFragment[]; onDone: () => void }) {
  const [isTagging, setTagging] = useState(false)
  const [archiveRuns, archiving] = useMutationWithRetry(ArchiveRunsDocument, REFETCH)
  const [cancelRuns, canceling] = useMutationWithRetry(CancelRunsDocument, REFETCH)
  const runIds = runs.map(({ id }) => id)
  const going = runs.filter(({ status }) => !isEnded(status)).length
  const areArchived = runs.every(({ archivedAt }) => archivedAt !== null)
  const archive = async () => {
    const answer = await archiveRuns({ input: { runIds, archived: !areArchived } })
    if (answer && !notifyProblems('Nothing was archived', answer.archiveRuns.errors)) onDone()
  }
  const askToCancel = () =>
    modals.openConfirmModal({
      title: `Cancel ${countOf(going, 'run')}?`,
      children: <Text size="sm">Training stops and the students are discarded. The curves are kept.</Text>,
      labels: { confirm: `Cancel ${countOf(going, 'run')}`, cancel: 'Keep training' },
      confirmProps: { color: 'red' },
      onConfirm: async () => {
        const answer = await cancelRuns({ input: { runIds } })
        if (answer && !notifyProblems('No run was canceled', answer.cancelRuns.errors)) onDone()
      },
    })
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTag size={15} />}
        onClick={() => setTagging(true)}
      >
        Tag
      </Button>
      <Button
        size="xs"
        variant="default"
        loading={archiving}
        disabled={going > 0}
        leftSection={areArchived ? <IconArchiveOff size={15} /> : <IconArchive size={15} />}
        onClick={() => void archive()}
      >
        {areArchived ? 'Bring back' : 'Archive'}
      </Button>
      {going > 0 && (
        <Button
          size="xs"
          variant="default"
          loading={canceling}
          leftSection={<IconPlayerStop size={15} />}
          onClick={askToCancel}
        >
          Cancel {going}
        </Button>
      )}
      {isTagging && <TagDialog runs={runs} onClose={() => setTagging(false)} />}
    </>
  )
}

/** Tags that all of the runs get, and those that none of them keeps. */
function TagDialog({ runs, onClose }: { runs: readonly RunTableRowFragment[]; onClose: () => void }) {
  const known = [...new Set(runs.flatMap(({ tags }) => tags))]
  const shared = known.filter((tag) => runs.every(({ tags }) => tags.includes(tag)))
  const [tags, setTags] = useState(shared)
  const [tagRuns, busy] = useMutationWithRetry(TagRunsDocument, REFETCH)
  const save = async () => {
    const remove = shared.filter((tag) => !tags.includes(tag))
    const answer = await tagRuns({ input: { runIds: runs.map(({ id }) => id), add: tags, remove } })
    if (answer && !notifyProblems('The tags were not changed', answer.tagRuns.errors)) onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Tag ${countOf(runs.length, 'run')}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <TagsInput
        label="Tags of all of them"
        description="Enter adds one. A tag that only some of them have stays with those."
        data={known}
        value={tags}
        onChange={(next) => setTags(next.map((tag) => tag.slice(0, TAG_LENGTH)))}
        maxTags={MAX_TAGS}
        clearable
        data-autofocus
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} onClick={() => void save()}>
          Save
        </Button>
      </Group>
    </Modal>
  )
}
