'use client'

import { useQuery } from '@apollo/client/react'
import { IconPlayerPlay } from '@tabler/icons-react'
import Link from 'next/link'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { formatCount } from '../../design/format-numbers.ts'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { TeamHomeDocument, type TeamHomeQuery } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { RunsTable } from '../run-list/runs-table.tsx'
import { useQueuePolling } from '../run-list/use-queue-polling.ts'
import { useTeamRuns } from '../run-list/use-team-runs.ts'
import { QuotaNotice } from '../usage/quota-notice.tsx'
import { FirstSteps } from './first-steps.tsx'

/** A team's home page: the latest runs, and counts of everything else. */
export function TeamHome() {
  const { team, base, mayChange } = useTeam()
  const query = useQuery(TeamHomeDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const { data, error, refetch } = query
  const readAgain = () => void refetch().catch(() => undefined)
  const home = data?.team
  const runs = home?.runs.edges.map(({ node }) => node) ?? []
  useTeamRuns(
    team.id,
    home ? { runs, statuses: [], isWhole: home.runs.totalCount === runs.length, isNewestFirst: true } : null,
    readAgain,
  )
  useQueuePolling(query, runs)

  return (
    <>
      <PageHeader
        title={team.name}
        actions={
          mayChange && runs.length > 0 ? (
            <LinkButton href={`${base}/runs/new`} leftSection={<IconPlayerPlay size={16} />}>
              Start a run
            </LinkButton>
          ) : null
        }
      />
      <QuotaNotice kinds={['DEVICE_HOURS', 'STORED_BYTES']} />
      {error && !home && (
        <ErrorNotice title="The team could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      {home && home.runs.totalCount === 0 && mayChange && <FirstSteps team={home} onImported={readAgain} />}
      <Counts base={base} home={home} />
      <Panel
        title="Newest runs"
        flush
        actions={
          home && home.runs.totalCount > runs.length && <TextLink href={`${base}/runs`}>All runs</TextLink>
        }
      >
        {!home ? (
          <LoadingRows height={52} />
        ) : runs.length === 0 ? (
          <EmptyState icon={<IconPlayerPlay size={22} />} title="No runs yet">
            Runs show here with their status and how well each cohort does on the test images.
          </EmptyState>
        ) : (
          <RunsTable runs={runs} base={base} perStudent />
        )}
      </Panel>
    </>
  )
}

type Home = NonNullable<TeamHomeQuery['team']>

function Counts({ base, home }: { base: string; home: Home | null | undefined }) {
  const counts = [
    ['Datasets', '/datasets', home?.datasets.totalCount],
    ['Cohorts', '/cohorts', home?.cohorts.totalCount],
    ['Runs', '/runs', home?.runs.totalCount],
    ['Models', '/models', home?.registry.totalCount],
  ] as const
  return (
    <ul className="m-0 mb-6 grid list-none grid-cols-2 gap-3 p-0 sm:grid-cols-4">
      {counts.map(([label, path, count]) => (
        <li key={path}>
          <Link
            href={base + path}
            className="block rounded-lg border border-[var(--line)] bg-[var(--surface)] px-4 py-3 text-inherit no-underline hover:border-[var(--mantine-color-dimmed)]"
          >
            <span className="block text-sm text-[var(--mantine-color-dimmed)]">{label}</span>
            <span className="numbers block text-2xl font-semibold">
              {count === undefined ? '–' : formatCount(count)}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
