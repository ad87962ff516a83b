'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { IconPlus, IconUsers } from '@tabler/icons-react'
import Link from 'next/link'
import { EmptyState } from '../../design/empty-state.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { formatAge, formatInstant } from '../../design/format-time.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { type CohortRowFragment, CohortsDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { listStudents } from './list-students.ts'
import { methodLabel } from './teaching-words.ts'

export function CohortsPage() {
  const { team, base, mayChange } = useTeam()
  const { data, error, refetch, fetchMore } = useQuery(CohortsDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const connection = data?.team?.cohorts
  const cohorts = connection?.edges.map(({ node }) => node) ?? []
  const build = (
    <LinkButton href={`${base}/cohorts/new`} leftSection={<IconPlus size={16} />}>
      New cohort
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title="Cohorts"
        note={
          connection ? countOf(connection.totalCount, 'cohort') : 'Students and how they teach each other.'
        }
        actions={mayChange && cohorts.length > 0 && build}
      />
      <Panel flush>
        {!connection ? (
          <NotLoaded title="The cohorts could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : cohorts.length === 0 ? (
          <EmptyState icon={<IconUsers size={22} />} title="No cohorts yet" action={mayChange && build}>
            A cohort is a few small networks, its students, and how they teach each other while they train.
          </EmptyState>
        ) : (
          <CohortsTable cohorts={cohorts} base={base} />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={cohorts.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
    </>
  )
}

function CohortsTable({ cohorts, base }: { cohorts: CohortRowFragment[]; base: string }) {
  return (
    <TableFrame label="Cohorts" minWidth={620}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Cohort</Table.Th>
          <Table.Th>Students</Table.Th>
          <Table.Th>Teaching</Table.Th>
          <Table.Th>Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cohorts.map((cohort) => (
          <Table.Tr key={cohort.id} className="linked-row">
            <Table.Td>
              <Link href={`${base}/cohorts/${cohort.id}`} className="row-link">
                {cohort.name}
              </Link>
            </Table.Td>
            <Table.Td>
              {listStudents(cohort.students)}
              <Text size="xs" c="dimmed">
                {countOf(cohort.students.length, 'student')}
              </Text>
            </Table.Td>
            <Table.Td>{methodLabel(cohort.teaching.method)}</Table.Td>
            <Table.Td title={formatInstant(cohort.createdAt)}>{formatAge(cohort.createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
