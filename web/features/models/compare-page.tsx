'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton, Table } from '@mantine/core'
import { IconColumns } from '@tabler/icons-react'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { formatBytes, formatMetric, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { CompareTrainedDocument, type TrainedRowFragment } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { AliasMarks } from './alias-marks.tsx'
import { nameOf, noteOf, scoreOf } from './trained-words.ts'

/** Two to four models side by side; which ones stands in the address. */
export function ComparePage() {
  const { base } = useTeam()
  const ids = (useSearchParams().get('ids') ?? '').split(',').filter(Boolean).slice(0, 4)
  const [first = '', second = '', third = '', fourth = ''] = ids
  const { data, error, refetch } = useQuery(CompareTrainedDocument, {
    variables: { first, second, third, fourth },
    skip: ids.length === 0,
  })
  const trained = [data?.first, data?.second, data?.third, data?.fourth].flatMap((node) =>
    node?.__typename === 'Model' || node?.__typename === 'Ensemble' ? [node] : [],
  )
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/models`}>Models</BackLink>}
        title="Compare models"
        note="The best of each row stands out."
      />
      {error && !data ? (
        <ErrorNotice title="The models could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : ids.length > 0 && !data ? (
        <Skeleton height={320} />
      ) : (
        <Panel flush>
          {trained.length < 2 ? (
            <EmptyState
              icon={<IconColumns size={22} />}
              title="Choose two to four"
              action={<LinkButton href={`${base}/models`}>See the models</LinkButton>}
            >
              Tick models in the list, then compare them here.
            </EmptyState>
          ) : (
            <Comparison trained={trained} base={base} />
          )}
        </Panel>
      )}
    </>
  )
}

interface Row {
  label: string
  show: (trained: TrainedRowFragment) => ReactNode
  /** Where one can be better: the number that says so, and whether a greater one is. */
  rank?: { by: (trained: TrainedRowFragment) => number | null; greatest: boolean }
}

const download = ({ artifacts }: TrainedRowFragment) =>
  artifacts.find(({ format }) => format === 'TFJS')?.byteLength ?? null

const rows: Row[] = [
  { label: 'Architecture', show: noteOf },
  { label: 'Score', show: (trained) => formatShare(scoreOf(trained)), rank: { by: scoreOf, greatest: true } },
  {
    label: 'Measured as',
    show: ({ meanAveragePrecision }) =>
      meanAveragePrecision === null ? 'accuracy' : 'mean average precision',
  },
  {
    label: 'Test loss',
    show: (trained) => (trained.__typename === 'Model' ? formatMetric(trained.loss) : '–'),
    rank: { by: (trained) => (trained.__typename === 'Model' ? trained.loss : null), greatest: false },
  },
  {
    label: 'Parameters',
    show: ({ parameters }) => formatParameters(parameters),
    rank: { by: ({ parameters }) => parameters, greatest: false },
  },
  {
    label: 'Download',
    show: (trained) => formatBytes(download(trained) ?? 0),
    rank: { by: download, greatest: false },
  },
  {
    label: 'Dataset',
    show: ({ run }) => `${run.datasetVersion.dataset.name}, version ${run.datasetVersion.number}`,
  },
  { label: 'Cohort', show: ({ run }) => run.cohort.name },
  { label: 'Run', show: ({ run }) => run.number },
  { label: 'Stored', show: ({ createdAt }) => formatInstant(createdAt) },
]

function Comparison({ trained, base }: { trained: TrainedRowFragment[]; base: string }) {
  return (
    <TableFrame label="Comparison" minWidth={160 + 180 * trained.length}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {trained.map((one) => (
            <Table.Th key={one.id} scope="col">
              <span className="inline-flex items-center gap-2">
                <Link href={`${base}/models/${one.id}`} className="row-link">
                  {nameOf(one)}
                </Link>
                <AliasMarks aliases={one.aliases} />
              </span>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ label, show, rank }) => {
          const best = rank && bestOf(trained, rank)
          return (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              {trained.map((one) => (
                <Table.Td key={one.id} fw={best?.includes(one.id) ? 700 : undefined}>
                  {show(one)}
                  {best?.includes(one.id) && <span className="sr-only"> (best)</span>}
                </Table.Td>
              ))}
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </TableFrame>
  )
}

/** Ids of those that none is better than; none where all are alike. */
function bestOf(trained: TrainedRowFragment[], { by, greatest }: NonNullable<Row['rank']>): string[] {
  const values = trained.map(by).filter((value) => value !== null)
  const best = greatest ? Math.max(...values) : Math.min(...values)
  const winners = trained.filter((one) => by(one) === best).map(({ id }) => id)
  return winners.length === trained.length ? [] : winners
}
