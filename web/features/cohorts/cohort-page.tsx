'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconPlayerPlay } from '@tabler/icons-react'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { CohortPageDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { RunsTable } from '../run-list/runs-table.tsx'
import { StudentsPanel, TeachingPanel } from './cohort-facts.tsx'

export function CohortPage({ cohortId }: { cohortId: string }) {
  const { team, base, mayChange } = useTeam()
  const { data, error, refetch, fetchMore } = useQuery(CohortPageDocument, {
    variables: { slug: team.slug, id: cohortId },
    fetchPolicy: 'cache-and-network',
  })
  const cohort = data?.node?.__typename === 'Cohort' ? data.node : null
  useDocumentTitle(cohort ? `${cohort.name} · Studyhall` : 'Cohort · Studyhall')

  if (error && !data)
    return <ErrorNotice title="The cohort could not be loaded" error={error} onRetry={() => void refetch()} />
  if (data && !cohort) return <MissingPage what="cohort" href={`${base}/cohorts`} />
  if (!cohort) return <Skeleton height={320} />
  const connection = data?.team?.runs
  const runs = connection?.edges.map(({ node }) => node) ?? []
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/cohorts`}>Cohorts</BackLink>}
        title={cohort.name}
        note={`${countOf(cohort.students.length, 'student')}, created ${formatInstant(cohort.createdAt)}`}
        actions={
          mayChange && (
            <LinkButton
              href={`${base}/runs/new?cohort=${cohort.id}`}
              leftSection={<IconPlayerPlay size={16} />}
            >
              Start a run
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <TeachingPanel teaching={cohort.teaching} students={cohort.students} />
        <StudentsPanel students={cohort.students} />
        <Panel
          title="Runs"
          note={connection && connection.totalCount > 0 && countOf(connection.totalCount, 'run')}
          flush
        >
          {runs.length > 0 ? (
            <RunsTable runs={runs} base={base} />
          ) : (
            <EmptyState icon={<IconPlayerPlay size={22} />} title="Not trained yet">
              Start a run to train this cohort on a dataset.
            </EmptyState>
          )}
          <ShowMore
            page={connection?.pageInfo}
            shown={runs.length}
            total={connection?.totalCount}
            onMore={(after) => void fetchMore({ variables: { after } })}
          />
        </Panel>
      </div>
    </>
  )
}
