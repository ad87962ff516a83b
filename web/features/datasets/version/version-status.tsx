import { Progress, Text } from '@mantine/core'
import { formatCount } from '../../../design/format-numbers.ts'
import { StatusMark, type Tone } from '../../../design/status-mark.tsx'
import type { DatasetVersionStatus, VersionProgressFragment } from '../../../graphql/generated/operations.ts'

const words: Record<DatasetVersionStatus, string> = {
  PENDING: 'Waiting',
  IMPORTING: 'Importing',
  READY: 'Ready',
  FAILED: 'Failed',
}

const tones: Record<DatasetVersionStatus, Tone> = {
  PENDING: 'waiting',
  IMPORTING: 'busy',
  READY: 'good',
  FAILED: 'bad',
}

export function isImporting({ status }: { status: DatasetVersionStatus }): boolean {
  return status === 'PENDING' || status === 'IMPORTING'
}

export function VersionStatusMark({ status }: { status: DatasetVersionStatus }) {
  return <StatusMark tone={tones[status]}>{words[status]}</StatusMark>
}

/** The state of a version's import; while it goes on, how far. */
export function ImportState({ version }: { version: VersionProgressFragment }) {
  const { picturesSeen = 0, picturesTotal = null } = version.progress ?? {}
  return (
    <div className="min-w-36">
      <VersionStatusMark status={version.status} />
      {version.status === 'IMPORTING' && (
        <>
          <Progress
            size={4}
            mt={6}
            value={picturesTotal ? (100 * picturesSeen) / picturesTotal : 0}
            aria-label={`Import of version ${version.number}`}
          />
          <Text size="xs" c="dimmed" mt={3}>
            {formatCount(picturesSeen)}
            {picturesTotal !== null && ` of ${formatCount(picturesTotal)}`} images
          </Text>
        </>
      )}
    </div>
  )
}
