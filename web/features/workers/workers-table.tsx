import { Badge, Table, Text } from '@mantine/core'
import Link from 'next/link'
import { formatBytes, formatShare } from '../../design/format-numbers.ts'
import { formatAge, formatDuration } from '../../design/format-time.ts'
import { StatusMark, type Tone } from '../../design/status-mark.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { WorkerRowFragment } from '../../graphql/generated/operations.ts'
import { WorkerActions } from './worker-actions.tsx'

interface Props {
  workers: readonly WorkerRowFragment[]
  /** Called when one was drained or resumed; null for whoever may not do that. */
  onChanged: (() => void) | null
}

export function WorkersTable({ workers, onChanged }: Props) {
  return (
    <TableFrame label="Workers" minWidth={920}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Worker</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Device</Table.Th>
          <Table.Th>Trains</Table.Th>
          <Table.Th>Last heartbeat</Table.Th>
          <Table.Th>CPU load</Table.Th>
          <Table.Th>Memory</Table.Th>
          {onChanged && <Table.Th ta="right">New work</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {workers.map((worker) => (
          <WorkerRow key={worker.name} worker={worker} onChanged={onChanged} />
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

function WorkerRow({ worker, onChanged }: { worker: WorkerRowFragment } & Pick<Props, 'onChanged'>) {
  const { tone, word, note } = stateOf(worker)
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {worker.name}
        </Text>
        <Text size="xs" c="dimmed">
          began {formatAge(worker.startedAt)}
          {worker.engineBuild !== null && `, engine ${worker.engineBuild}`}
        </Text>
        {worker.labels.map((label) => (
          <Badge key={label} variant="default" size="sm" tt="none" mr={4} mt={4}>
            {label}
          </Badge>
        ))}
      </Table.Td>
      <Table.Td>
        <StatusMark tone={tone}>{word}</StatusMark>
        {note && (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{worker.deviceName}</Text>
        <Text size="xs" c="dimmed">
          {worker.deviceMemoryBytes === null
            ? 'CPU, no GPU'
            : `GPU, ${formatBytes(worker.deviceMemoryBytes)}`}
        </Text>
        {worker.deviceSoftware !== null && (
          <Text size="xs" c="dimmed">
            {worker.deviceSoftware}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <RunsInHand worker={worker} />
      </Table.Td>
      <Table.Td>{formatDuration(worker.heartbeatAgeSeconds)} ago</Table.Td>
      {/* Of a silent one nobody knows it now. */}
      <Table.Td>
        {worker.silent ? '–' : formatShare(worker.cpuLoad, 0)}
        {!worker.silent && worker.deviceLoad !== null && (
          <Text size="xs" c="dimmed">
            GPU {formatShare(worker.deviceLoad, 0)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {worker.silent || worker.memoryBytes === 0
          ? '–'
          : `${formatBytes(worker.memoryUsedBytes)} of ${formatBytes(worker.memoryBytes)}`}
        {!worker.silent && worker.deviceMemoryUsedBytes !== null && (
          <Text size="xs" c="dimmed">
            GPU {formatBytes(worker.deviceMemoryUsedBytes)}
          </Text>
        )}
      </Table.Td>
      {onChanged && (
        <Table.Td ta="right">
          <WorkerActions worker={worker} onChanged={onChanged} />
        </Table.Td>
      )}
    </Table.Tr>
  )
}

/** Own runs by number, with their page; of other teams' only how many they are. */
function RunsInHand({ worker: { runs, runsInHand, capacity } }: { worker: WorkerRowFragment }) {
  const others = runsInHand - runs.length
  return (
    <div className="text-sm">
      {runs.map(({ id, number, team }) => (
        <Link key={id} href={`/${team.slug}/runs/${number}`} className="mr-2 inline-block min-h-6">
          Run {number}
        </Link>
      ))}
      {others > 0 && <span>{others === 1 ? 'a run' : `${others} runs`} of another team</span>}
      <Text size="xs" c="dimmed">
        {runsInHand} of {capacity} taken
      </Text>
    </div>
  )
}

interface State {
  tone: Tone
  word: string
  note?: string
}

function stateOf({ silent, draining, drainedAt, handsBack, runsInHand }: WorkerRowFragment): State {
  if (silent) return { tone: 'bad', word: 'Silent', ...(drainedAt && { note: 'drained' }) }
  if (drainedAt) return { tone: 'waiting', word: 'Drained', note: drainNote(runsInHand > 0, handsBack) }
  if (draining) return { tone: 'waiting', word: 'Ending' }
  return runsInHand > 0 ? { tone: 'busy', word: 'Training' } : { tone: 'good', word: 'Ready' }
}

function drainNote(isTraining: boolean, handsBack: boolean): string {
  if (!isTraining) return 'takes nothing new'
  return handsBack ? 'hands back what it trains' : 'finishes what it trains'
}
