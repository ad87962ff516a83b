import { Table } from '@mantine/core'
import { formatIdentity } from '../../../design/format-numbers.ts'
import { ComparedTable } from '../answers/compared-table.tsx'
import { Time } from '../answers/student-cells.tsx'
import type { Backend } from '../networks/load-tensorflow.ts'
import type { FileStage, Subject } from '../networks/use-model-files.ts'
import type { Gallery } from './use-gallery-features.ts'
import type { Nearest, Search } from './use-nearest.ts'

interface Props {
  subjects: Subject[]
  stages: FileStage[]
  gallery: Gallery
  nearest: Nearest | null
  backend: Backend | null
  /** On the test queries; null if the run has no ensemble. */
  ensembleMeanAveragePrecision: number | null
}

/**
 * Compares the students: nearest identity, distance, speed on this device, size, and mAP on the test queries.
 */
export function FoundTable(props: Props) {
  const { subjects, stages, gallery, nearest, backend, ensembleMeanAveragePrecision } = props
  return (
    <ComparedTable
      subjects={subjects}
      stages={stages}
      backend={backend}
      titles={['Nearest identity', 'Distance', 'mAP']}
      result={(index) => <Found search={nearest?.students[index] ?? null} gallery={gallery} />}
      scoreOf={({ meanAveragePrecision }) => meanAveragePrecision}
      together={
        ensembleMeanAveragePrecision === null
          ? null
          : {
              name: 'All together',
              note: 'concatenated features',
              result: <Found search={nearest?.together ?? null} gallery={gallery} />,
              score: ensembleMeanAveragePrecision,
            }
      }
    />
  )
}

function Found({ search, gallery }: { search: Search | null; gallery: Gallery }) {
  const first = search?.found[0]
  const picture = first && gallery[first.place]
  return (
    <>
      <Table.Td fw={500}>
        {picture ? (picture.identity === 0 ? 'a distractor' : formatIdentity(picture.identity)) : '–'}
      </Table.Td>
      <Table.Td ta="right">{first ? first.distance.toFixed(3) : '–'}</Table.Td>
      <Table.Td ta="right">{search ? <Time latency={search.latency} /> : '–'}</Table.Td>
    </>
  )
}
