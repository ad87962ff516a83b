'use client'

import { useQuery } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { RunGroupsDocument, RunTableDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { useQueuePolling } from '../run-list/use-queue-polling.ts'
import { useTeamRuns } from '../run-list/use-team-runs.ts'
import { RunTable } from '../run-table/run-table.tsx'
import { SelectionBar } from '../run-table/selection-bar.tsx'
import { filterOf, type ShownView, useRunView } from '../run-table/use-run-view.ts'
import { ViewBar } from '../run-table/view-bar.tsx'

/** Loaded on demand, because it pulls in the recipe's schema. */
const GroupTable = dynamic(() => import('../run-table/group-table.tsx').then((module) => module.GroupTable))

/** Loaded on demand, because it pulls in the charts. */
const PeekDrawer = dynamic(() => import('../run-compare/peek-drawer.tsx').then((module) => module.PeekDrawer))

/** All runs of a team by the view in the URL. */
export function RunsPage() {
  const { team } = useTeam()
  const shown = useRunView(team.slug)
  if (!shown)
    return (
      <>
        <PageHeader title="Runs" />
        <Panel flush>
          <LoadingRows height={52} />
        </Panel>
      </>
    )
  return shown.view.groupBy.length > 0 ? <RunGroups shown={shown} /> : <RunList shown={shown} />
}

function RunList({ shown }: { shown: ShownView }) {
  const { team, base, mayChange } = useTeam()
  const { view, search, change } = shown
  const [chosen, setChosen] = useState<string[]>([])
  const [peeked, setPeeked] = useState<number | null>(null)
  const query = useQuery(RunTableDocument, {
    variables: {
      slug: team.slug,
      ...filterOf(view),
      orderBy: { column: view.order.column, descending: view.order.isDescending },
    },
    fetchPolicy: 'cache-and-network',
  })
  const { data, previousData, error, refetch, fetchMore } = query
  // The rows before stay until those of another filter are here, so that nothing jumps.
  const connection = (data ?? previousData)?.team?.runs
  const runs = connection?.edges.map(({ node }) => node) ?? []
  useTeamRuns(
    team.id,
    connection
      ? {
          runs,
          statuses: view.statuses,
          isWhole: !connection.pageInfo.hasNextPage,
          isNewestFirst: isNewestFirst(view),
        }
      : null,
    () => void refetch().catch(() => undefined),
  )
  useQueuePolling(query, runs)
  const isFiltered = search !== '' && (view.where.length > 0 || view.text !== '' || view.isArchived)
  const isNarrowed = isFiltered || view.statuses.length > 0
  // A run's page has the list's filter, so that it knows what comes before and after.
  const hrefOf = (number: number) =>
    `${base}/runs/${number}${search === '' ? '' : `?${new URLSearchParams({ list: search })}`}`
  const chosenRuns = runs.filter(({ id }) => chosen.includes(id))
  return (
    <>
      <PageHeader
        title="Runs"
        note={
          connection
            ? countOf(connection.totalCount, view.isArchived ? 'archived run' : 'run')
            : 'One cohort, one dataset, one recipe, one seed.'
        }
        actions={mayChange && (runs.length > 0 || isNarrowed) && <StartButton base={base} />}
      />
      <Panel flush>
        <ViewBar shown={shown} />
        {chosenRuns.length > 0 && <SelectionBar runs={chosenRuns} onClear={() => setChosen([])} />}
        {error && !connection ? (
          <div className="p-4">
            <ErrorNotice title="The runs could not be loaded" error={error} onRetry={() => void refetch()} />
          </div>
        ) : !connection ? (
          <LoadingRows height={52} />
        ) : runs.length === 0 ? (
          <NoRuns
            isNarrowed={isNarrowed}
            base={base}
            onClear={() => change({ statuses: [], where: [], text: '', isArchived: false })}
          />
        ) : (
          <RunTable
            runs={runs}
            hrefOf={({ number }) => hrefOf(number)}
            columns={view.columns}
            order={view.order}
            onOrder={(order) => change({ order })}
            chosen={chosen}
            onChoose={setChosen}
            onPeek={({ number }) => setPeeked(number)}
          />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={runs.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
      {peeked !== null && (
        <PeekDrawer number={peeked} href={hrefOf(peeked)} onClose={() => setPeeked(null)} />
      )}
    </>
  )
}

/** Whether a run's number and status alone say where it belongs in the list. */
function isNewestFirst({ order, where, text, isArchived }: ShownView['view']): boolean {
  return order.column === 'number' && order.isDescending && where.length === 0 && text === '' && !isArchived
}

function RunGroups({ shown }: { shown: ShownView }) {
  const { team, base } = useTeam()
  const { view, change } = shown
  const { data, previousData, error, refetch } = useQuery(RunGroupsDocument, {
    variables: { slug: team.slug, by: view.groupBy, ...filterOf(view) },
    fetchPolicy: 'network-only',
  })
  const groups = (data ?? previousData)?.team?.runGroups
  return (
    <>
      <PageHeader
        title="Runs"
        note={
          groups
            ? `${countOf(groups.length, 'group')}; mean ± standard deviation of the runs that succeeded`
            : undefined
        }
        actions={
          <Button variant="default" onClick={() => change({ groupBy: [] })}>
            Show single runs
          </Button>
        }
      />
      <Panel flush>
        <ViewBar shown={shown} />
        {error && !groups ? (
          <div className="p-4">
            <ErrorNotice
              title="The groups could not be loaded"
              error={error}
              onRetry={() => void refetch()}
            />
          </div>
        ) : !groups ? (
          <LoadingRows height={52} />
        ) : groups.length === 0 ? (
          <NoRuns isNarrowed base={base} onClear={() => change({ statuses: [], where: [], text: '' })} />
        ) : (
          <GroupTable groups={groups} view={view} base={base} />
        )}
      </Panel>
    </>
  )
}

function StartButton({ base }: { base: string }) {
  return (
    <LinkButton href={`${base}/runs/new`} leftSection={<IconPlayerPlay size={16} />}>
      Start a run
    </LinkButton>
  )
}

function NoRuns(props: { isNarrowed: boolean; base: string; onClear: () => void }) {
  if (props.isNarrowed) {
    return (
      <EmptyState
        icon={<IconPlayerPlay size={22} />}
        title="No such run"
        action={
          <Button variant="default" onClick={props.onClear}>
            Show all runs
          </Button>
        }
      >
        No run of the team matches the filters.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconPlayerPlay size={22} />}
      title="No runs yet"
      action={<StartButton base={props.base} />}
    >
      A run trains one cohort on one dataset. You watch its students learn from each other, live.
    </EmptyState>
  )
}
