'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
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
import { type ExperimentRowFragment, ExperimentsDocument } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { useTeam } from '../../team-scope.ts'
import { ExperimentStatusMark, isUnderWay, progressWords } from './experiment-status.tsx'

const POLL_MS = 5_000
/** Polling asks for the first page alone, which would take the place of a longer list. */
const PAGE = 50

/** The team's experiments, newest first. */
export function ExperimentsPage() {
  const { team, base, mayChange } = useTeam()
  const query = useQuery(ExperimentsDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const connection = query.data?.team?.experiments
  const rows = connection?.edges.map(({ node }) => node) ?? []
  usePollWhile(query, rows.length <= PAGE && rows.some(({ progress }) => isUnderWay(progress)), POLL_MS)
  const start = (
    <>
      <LinkButton href={`${base}/experiments/new`} variant="default">
        Repeat the paper
      </LinkButton>
      <LinkButton href={`${base}/runs/new?prove=1`} leftSection={<IconFlask size={16} />}>
        Prove it
      </LinkButton>
    </>
  )
  return (
    <>
      <PageHeader
        title="Experiments"
        note={
          connection && rows.length > 0
            ? countOf(connection.totalCount, 'experiment')
            : 'Does teaching each other help on your data?'
        }
        actions={mayChange && rows.length > 0 && start}
      />
      <Panel flush>
        {!connection ? (
          <NotLoaded
            title="The experiments could not be loaded"
            error={query.error}
            onRetry={() => void query.refetch()}
            height={52}
          />
        ) : rows.length === 0 ? (
          <EmptyState
            icon={<IconFlask size={22} aria-hidden />}
            title="No experiments yet"
            action={mayChange && <span className="inline-flex flex-wrap justify-center gap-2">{start}</span>}
          >
            An experiment trains the same students alone and teaching each other, with several seeds, and says
            whether the difference is more than chance.
          </EmptyState>
        ) : (
          <ExperimentsTable rows={rows} base={base} />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={rows.length}
          total={connection?.totalCount}
          onMore={(after) => void query.fetchMore({ variables: { after } })}
        />
      </Panel>
    </>
  )
}

function ExperimentsTable({ rows, base }: { rows: readonly ExperimentRowFragment[]; base: string }) {
  return (
    <TableFrame label="Experiments" minWidth={820}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Experiment</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Dataset</Table.Th>
          <Table.Th>Compared</Table.Th>
          <Table.Th>Started by</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((experiment) => (
          <Table.Tr key={experiment.id} className="linked-row">
            <Table.Td>
              <Link href={`${base}/experiments/${experiment.number}`} className="row-link">
                Experiment {experiment.number}
              </Link>
              <Text size="xs" c="dimmed">
                {experiment.title}
              </Text>
            </Table.Td>
            <Table.Td>
              <ExperimentStatusMark {...experiment} />
              <Text size="xs" c="dimmed">
                {progressWords(experiment.progress)}
              </Text>
            </Table.Td>
            <Table.Td>
              {experiment.datasetVersion.dataset.name}
              <Text size="xs" c="dimmed">
                version {experiment.datasetVersion.number}
              </Text>
            </Table.Td>
            <Table.Td>{sizeOf(experiment)}</Table.Td>
            <Table.Td>
              {experiment.createdBy.name}
              <Text size="xs" c="dimmed" title={formatInstant(experiment.createdAt)}>
                {formatAge(experiment.createdAt)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

/** `2 arms, 5 seeds`. */
function sizeOf({ arms, conditions, seeds }: ExperimentRowFragment): string {
  const parts = [countOf(arms.length, 'arm'), countOf(seeds.length, 'seed')]
  if (conditions.length > 1) parts.splice(1, 0, countOf(conditions.length, 'condition'))
  return parts.join(', ')
}
