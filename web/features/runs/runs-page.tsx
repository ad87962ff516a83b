'use client'

import { useQuery } from '@apollo/client/react'
import { Button, MultiSelect } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { RUN_STATUSES } from '../../../contract/runs/run-states.ts'
import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { type RunStatus, RunsDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { RunsTable } from '../run-list/runs-table.tsx'
import { type RunOrder, type RunSortKey, runSortKeys } from '../run-list/sort-runs.ts'
import { useQueuePolling } from '../run-list/use-queue-polling.ts'
import { useTeamRuns } from '../run-list/use-team-runs.ts'

export function RunsPage() {
  const { team, base, mayChange } = useTeam()
  const view = useRunsView()
  const query = useQuery(RunsDocument, {
    variables: { slug: team.slug, statuses: view.statuses.length > 0 ? view.statuses : null },
    fetchPolicy: 'cache-and-network',
  })
  const { data, error, refetch, fetchMore } = query
  const connection = data?.team?.runs
  const runs = connection?.edges.map(({ node }) => node) ?? []
  useTeamRuns(
    team.id,
    connection ? { runs, statuses: view.statuses, isWhole: !connection.pageInfo.hasNextPage } : null,
    () => void refetch().catch(() => undefined),
  )
  useQueuePolling(query, runs)

  const start = (
    <LinkButton href={`${base}/runs/new`} leftSection={<IconPlayerPlay size={16} />}>
      Start a run
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title="Runs"
        note={
          connection
            ? countOf(connection.totalCount, 'run')
            : 'One cohort, one dataset, one recipe, one seed.'
        }
        actions={mayChange && (runs.length > 0 || view.statuses.length > 0) && start}
      />
      <Panel flush>
        <div className="px-4 pt-4 pb-2 sm:px-5">
          <MultiSelect
            aria-label="Filter by status"
            placeholder={view.statuses.length > 0 ? '' : 'All statuses'}
            data={RUN_STATUSES.map((value) => ({ value, label: RUN_STATUS_WORDS[value] }))}
            value={view.statuses}
            onChange={(statuses) => view.show({ statuses: statuses as RunStatus[] })}
            clearable
            clearButtonProps={{ 'aria-label': 'Clear filter' }}
            maw={360}
          />
        </div>
        {error && !connection ? (
          <div className="p-4">
            <ErrorNotice title="The runs could not be loaded" error={error} onRetry={() => void refetch()} />
          </div>
        ) : !connection ? (
          <LoadingRows height={52} />
        ) : runs.length === 0 ? (
          <NoRuns
            filtered={view.statuses.length > 0}
            start={start}
            onClear={() => view.show({ statuses: [] })}
          />
        ) : (
          <RunsTable runs={runs} base={base} order={view.order} onOrder={view.orderBy} />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={runs.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
    </>
  )
}

function NoRuns(props: { filtered: boolean; start: React.ReactNode; onClear: () => void }) {
  if (props.filtered) {
    return (
      <EmptyState
        icon={<IconPlayerPlay size={22} />}
        title="No run in this state"
        action={
          <Button variant="default" onClick={props.onClear}>
            Show all runs
          </Button>
        }
      >
        Other runs may have another status.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={<IconPlayerPlay size={22} />} title="No runs yet" action={props.start}>
      A run trains one cohort on one dataset. You watch its students learn from each other, live.
    </EmptyState>
  )
}

/** Filter and order are kept in the URL, so that a view can be shared. */
function useRunsView() {
  const router = useRouter()
  const pathname = usePathname()
  const search = useSearchParams()
  const statuses = (search.get('status')?.split(',') ?? []).filter((status) =>
    (RUN_STATUSES as readonly string[]).includes(status),
  ) as RunStatus[]
  const order = readOrder(search.get('sort'))
  const show = (change: { statuses?: RunStatus[]; order?: RunOrder }) => {
    const next = new URLSearchParams()
    const shown = change.statuses ?? statuses
    if (shown.length > 0) next.set('status', shown.join(','))
    const by = change.order ?? order
    if (by.key !== 'number' || !by.descending) next.set('sort', `${by.descending ? '-' : ''}${by.key}`)
    router.replace(next.size > 0 ? `${pathname}?${next}` : pathname, { scroll: false })
  }
  const orderBy = (key: RunSortKey) =>
    show({ order: { key, descending: order.key === key ? !order.descending : key !== 'dataset' } })
  return { statuses, order, show, orderBy }
}

function readOrder(sort: string | null): RunOrder {
  const key = (sort ?? '-number').replace(/^-/, '') as RunSortKey
  return runSortKeys.includes(key)
    ? { key, descending: (sort ?? '-').startsWith('-') }
    : { key: 'number', descending: true }
}
