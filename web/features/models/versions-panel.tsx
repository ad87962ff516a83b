'use client'

import { useQuery } from '@apollo/client/react'
import { Table } from '@mantine/core'
import Link from 'next/link'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { RegistryDocument, type TrainedRowFragment } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { AliasMarks } from './alias-marks.tsx'
import { scoreWords } from './trained-words.ts'

/** The same student, or the same cohort's ensemble, from other runs on the dataset, newest first. */
export function VersionsPanel({ trained }: { trained: TrainedRowFragment }) {
  const { team, base } = useTeam()
  const { datasetVersion, cohort } = trained.run
  const ofSame =
    trained.__typename === 'Model'
      ? { kind: 'STUDENT' as const, studentId: trained.student.id }
      : { kind: 'ENSEMBLE' as const, cohortId: cohort.id }
  const filter = { datasetId: datasetVersion.dataset.id, ...ofSame }
  const { data, fetchMore } = useQuery(RegistryDocument, { variables: { slug: team.slug, filter } })
  const connection = data?.team?.registry
  const versions = connection?.edges.map(({ node }) => node) ?? []
  if (versions.length < 2) return null
  return (
    <Panel title="Versions" note={`Of other runs of ${cohort.name} on ${datasetVersion.dataset.name}`} flush>
      <TableFrame label="Versions" minWidth={460}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Run</Table.Th>
            <Table.Th>Dataset version</Table.Th>
            <Table.Th ta="right">Score</Table.Th>
            <Table.Th>Stored</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => (
            <Table.Tr key={version.id}>
              <Table.Td>
                <span className="inline-flex items-center gap-2">
                  <Link
                    href={`${base}/models/${version.id}`}
                    className="row-link"
                    aria-current={version.id === trained.id ? 'page' : undefined}
                  >
                    Run {version.run.number}
                  </Link>
                  {version.id === trained.id && '(this one)'}
                  <AliasMarks aliases={version.aliases} />
                </span>
              </Table.Td>
              <Table.Td>{version.run.datasetVersion.number}</Table.Td>
              <Table.Td ta="right">{scoreWords(version)}</Table.Td>
              <Table.Td title={formatInstant(version.createdAt)}>{formatAge(version.createdAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
      <ShowMore
        page={connection?.pageInfo}
        shown={versions.length}
        total={connection?.totalCount}
        onMore={(after) => void fetchMore({ variables: { after } })}
      />
    </Panel>
  )
}
