import { Table } from '@mantine/core'
import { formatBytes, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { NameCell } from '../../design/name-cell.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { Backend } from './load-tensorflow.ts'
import { FileState, sum, Time, timeTitle } from './student-cells.tsx'
import type { Gallery } from './use-gallery-features.ts'
import type { FileStage, Subject } from './use-model-files.ts'
import type { Nearest, Search } from './use-nearest.ts'

interface Props {
  subjects: Subject[]
  stages: FileStage[]
  gallery: Gallery
  nearest: Nearest | null
  backend: Backend | null
  /** Measured on the queries; null where the run has no ensemble. */
  ensembleMeanAveragePrecision: number | null
}

/** The students side by side: whom each finds, how near, how fast on this device, how large, how good on the queries. */
export function FoundTable(props: Props) {
  const { subjects, stages, gallery, nearest, backend, ensembleMeanAveragePrecision } = props
  return (
    <TableFrame label="Students compared" minWidth={720} className="whitespace-nowrap">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>Nearest identity</Table.Th>
          <Table.Th ta="right">Distance</Table.Th>
          <Table.Th ta="right">{timeTitle(backend)}</Table.Th>
          <Table.Th ta="right">Download</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">mAP</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {subjects.map(({ id, name, architecture, artifact, parameters, meanAveragePrecision }, index) => (
          <Table.Tr key={id}>
            <NameCell name={name} note={architecture} />
            <Found search={nearest?.students[index] ?? null} gallery={gallery} />
            <Table.Td ta="right">
              <FileState stage={stages[index]} byteLength={artifact?.byteLength} />
            </Table.Td>
            <Table.Td ta="right">{formatParameters(parameters)}</Table.Td>
            <Table.Td ta="right">{formatShare(meanAveragePrecision)}</Table.Td>
          </Table.Tr>
        ))}
        {ensembleMeanAveragePrecision !== null && (
          <Table.Tr>
            <NameCell name="All together" note="concatenated features" />
            <Found search={nearest?.together ?? null} gallery={gallery} />
            <Table.Td ta="right">
              {formatBytes(sum(subjects.map(({ artifact }) => artifact?.byteLength)))}
            </Table.Td>
            <Table.Td ta="right">
              {formatParameters(sum(subjects.map(({ parameters }) => parameters)))}
            </Table.Td>
            <Table.Td ta="right">{formatShare(ensembleMeanAveragePrecision)}</Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </TableFrame>
  )
}

function Found({ search, gallery }: { search: Search | null; gallery: Gallery }) {
  const first = search?.found[0]
  const picture = first && gallery[first.place]
  return (
    <>
      <Table.Td fw={500}>
        {picture
          ? picture.identity === 0
            ? 'a distractor'
            : String(picture.identity).padStart(4, '0')
          : '–'}
      </Table.Td>
      <Table.Td ta="right">{first ? first.distance.toFixed(3) : '–'}</Table.Td>
      <Table.Td ta="right">{search ? <Time latency={search.latency} /> : '–'}</Table.Td>
    </>
  )
}
