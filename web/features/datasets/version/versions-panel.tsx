'use client'

import { ActionIcon, Button, Table, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { formatCount } from '../../../design/format-numbers.ts'
import { formatAge, formatInstant } from '../../../design/format-time.ts'
import { Panel } from '../../../design/panel.tsx'
import { TableFrame } from '../../../design/table-frame.tsx'
import { DeleteDatasetVersionDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../../team-scope.ts'
import type { Version } from '../dataset-version.ts'
import { UploadPanel } from '../upload/upload-panel.tsx'
import { describeEdit, type Edit } from './describe-edit.ts'
import { VersionStatusMark } from './version-status.tsx'

interface Props {
  datasetId: string
  versions: Version[]
  chosenId: string
  onChoose: (number: number) => void
}

/** All versions of a dataset and how each differs from the one it was made of. */
export function VersionsPanel({ datasetId, versions, chosenId, onChoose }: Props) {
  const { team, mayChange } = useTeam()
  const known = [...new Set(versions.flatMap((version) => version.splits.map(({ name }) => name)))]
  const splits = known.length > 0 ? known : ['train', 'test']
  const addVersion = () => {
    const modalId = modals.open({
      title: 'Create a version from another upload',
      size: 'lg',
      closeButtonProps: { 'aria-label': 'Close' },
      children: <UploadPanel teamId={team.id} datasetId={datasetId} onDone={() => modals.close(modalId)} />,
    })
  }
  return (
    <Panel
      title="Versions"
      note="Versions are immutable; a run names the one it was trained on"
      actions={
        mayChange && (
          <Button variant="default" size="xs" onClick={addVersion}>
            Upload a new version
          </Button>
        )
      }
      flush
    >
      <TableFrame label="Versions" minWidth={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Version</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Made of</Table.Th>
            {splits.map((name) => (
              <Table.Th key={name} ta="right" className="capitalize">
                {name}
              </Table.Th>
            ))}
            <Table.Th>Runs</Table.Th>
            <Table.Th>Added</Table.Th>
            <Table.Th>
              <span className="sr-only">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => (
            <VersionRow
              key={version.id}
              version={version}
              splits={splits}
              isChosen={version.id === chosenId}
              isOnly={versions.length === 1}
              onChoose={() => onChoose(version.number)}
            />
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

interface RowProps {
  version: Version
  splits: string[]
  isChosen: boolean
  isOnly: boolean
  onChoose: () => void
}

function VersionRow({ version, splits, isChosen, isOnly, onChoose }: RowProps) {
  const { mayChange } = useTeam()
  const count = (split: string) => version.splits.find(({ name }) => name === split)?.count
  const runs = version.runNumbers
  return (
    <Table.Tr aria-current={isChosen || undefined}>
      <Table.Td>
        <Button variant={isChosen ? 'light' : 'subtle'} size="compact-sm" onClick={onChoose}>
          Version {version.number}
        </Button>
      </Table.Td>
      <Table.Td>
        <VersionStatusMark status={version.status} />
      </Table.Td>
      <Table.Td>
        <Difference version={version} />
      </Table.Td>
      {splits.map((name) => (
        <Table.Td key={name} ta="right">
          {formatCount(count(name) ?? 0)}
        </Table.Td>
      ))}
      <Table.Td>
        {runs.length === 0 ? '–' : runs.slice(0, 4).join(', ') + (runs.length > 4 ? ' …' : '')}
      </Table.Td>
      <Table.Td title={formatInstant(version.createdAt)}>{formatAge(version.createdAt)}</Table.Td>
      <Table.Td>{mayChange && !isOnly && <DeleteVersionButton version={version} />}</Table.Td>
    </Table.Tr>
  )
}

function Difference({ version }: { version: Version }) {
  const { edit, parent, upload } = version
  if (!edit) return <span className="break-all">{upload.fileName}</span>
  return (
    <>
      Version {parent?.number}
      {describeEdit(edit as Edit)
        .slice(0, 6)
        .map((line) => (
          <Text key={line} size="xs" c="dimmed">
            {line}
          </Text>
        ))}
    </>
  )
}

function DeleteVersionButton({ version }: { version: Version }) {
  const [deleteVersion, busy] = useMutationWithRetry(DeleteDatasetVersionDocument, {
    refetchQueries: ['DatasetPage'],
  })
  const remove = async () => {
    const answer = await deleteVersion({ input: { datasetVersionId: version.id } })
    for (const { message } of answer?.deleteDatasetVersion.errors ?? [])
      notifications.show({ color: 'red', title: `Version ${version.number} was kept`, message })
  }
  const ask = () =>
    modals.openConfirmModal({
      title: `Delete version ${version.number}?`,
      children: <Text size="sm">This cannot be undone. Other versions are unaffected.</Text>,
      labels: { confirm: 'Delete the version', cancel: 'Keep it' },
      confirmProps: { color: 'red' },
      onConfirm: () => void remove(),
    })
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Delete version ${version.number}`}
      onClick={ask}
      loading={busy}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}
