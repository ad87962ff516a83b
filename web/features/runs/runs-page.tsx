'use client'

import { useQuery } from '@apollo/client/react'
import { Button } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { countOf } from '../../design/format-numbers.ts'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import {
  RunGroupsDocument,
  RunTableDocument,
  type RunTableQuery,
  type RunTableQueryVariables,
} from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { useQueuePolling } from '../run-list/use-queue-polling.ts'
import { useTeamRuns } from '../run-list/use-team-runs.ts'
import type { RunGroup } from '../run-table/group-table.tsx'
import { RunTable } from '../run-table/run-table.tsx'
import { SelectionBar } from '../run-table/selection-bar.tsx'
import { filterOf, type ShownView, useRunView } from '../run-table/use-run-view.ts'
import { ViewBar } from '../run-table/view-bar.tsx'
import { NoRuns, StartButton } from './no-runs.tsx'

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
  return <ShownRuns shown={shown} />
}

function ShownRuns({ shown }: { shown: ShownView }) {
  const { team, base, mayChange } = useTeam()
  const { view, change } = shown
  const isGrouped = view.groupBy.length > 0
  const list = useQuery(RunTableDocument, {
    variables: {
      slug: team.slug,
      ...filterOf(view),
      orderBy: { column: view.order.column, descending: view.order.isDescending },
    },
    fetchPolicy: 'cache-and-network',
    skip: isGrouped,
  })
  const grouped = useQuery(RunGroupsDocument, {
    variables: { slug: team.slug, by: view.groupBy, ...filterOf(view) },
    fetchPolicy: 'network-only',
    skip: !isGrouped,
  })
  // What was shown before stays until that of another filter is here, so that nothing jumps.
  const connection = (list.data ?? list.previousData)?.team?.runs
  const groups = (grouped.data ?? grouped.previousData)?.team?.runGroups
  const mayStart = mayChange && (connection?.edges.length || isNarrowed(view))
  return (
    <>
      <PageHeader
        title="Runs"
        note={isGrouped ? groupsNote(groups) : listNote(connection, view)}
        actions={
          isGrouped ? (
            <Button variant="default" onClick={() => change({ groupBy: [] })}>
              Show single runs
            </Button>
          ) : (
            mayStart && <StartButton base={base} />
          )
        }
      />
      <Panel flush>
        <ViewBar shown={shown} />
        {isGrouped ? (
          <RunGroups query={grouped} groups={groups} shown={shown} />
        ) : (
          <RunList query={list} connection={connection} shown={shown} />
        )}
      </Panel>
    </>
  )
}

type Connection = NonNullable<RunTableQuery['team']>['runs']

function listNote(connection: Connection | undefined, { isArchived }: ShownView['view']): string {
  return connection
    ? countOf(connection.totalCount, isArchived ? 'archived run' : 'run')
    : 'One cohort, one dataset, one recipe, one seed.'
}

function groupsNote(groups: readonly RunGroup[] | undefined): string | undefined {
  return groups && `${countOf(groups.length, 'group')}; mean ± standard deviation of the runs that succeeded`
}

interface RunListProps {
  query: useQuery.Result<RunTableQuery, RunTableQueryVariables>
  /** Undefined while it is not known yet. */
  connection: Connection | undefined
  shown: ShownView
}

function RunList({ query, connection, shown }: RunListProps) {
  const { team, base } = useTeam()
  const { view, search, change } = shown
  const [chosen, setChosen] = useState<string[]>([])
  const [peeked, setPeeked] = useState<number | null>(null)
  const { error, refetch, fetchMore } = query
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
  // A run's page has the list's filter, so that it knows what comes before and after.
  const hrefOf = (number: number) =>
    `${base}/runs/${number}${search === '' ? '' : `?${new URLSearchParams({ list: search })}`}`
  const chosenRuns = runs.filter(({ id }) => chosen.includes(id))
  return (
    <>
      {chosenRuns.length > 0 && <SelectionBar runs={chosenRuns} onClear={() => setChosen([])} />}
      {!connection ? (
        <NotLoaded
          title="The runs could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          height={52}
        />
      ) : runs.length === 0 ? (
        <NoRuns
          isNarrowed={isNarrowed(view)}
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
      {peeked !== null && (
        <PeekDrawer number={peeked} href={hrefOf(peeked)} onClose={() => setPeeked(null)} />
      )}
    </>
  )
}

function isNarrowed({ statuses, where, text, isArchived }: ShownView['view']): boolean {
  return statuses.length > 0 || where.length > 0 || text !== '' || isArchived
}

/** Whether a run's number and status alone say where it belongs in the list. */
function isNewestFirst({ order, where, text, isArchived }: ShownView['view']): boolean {
  return order.column === 'number' && order.isDescending && where.length === 0 && text === '' && !isArchived
}

interface RunGroupsProps {
  query: { error?: Error; refetch: () => Promise<unknown> }
  groups: readonly RunGroup[] | undefined
  shown: ShownView
}

function RunGroups({ query: { error, refetch }, groups, shown: { view, change } }: RunGroupsProps) {
  const { base } = useTeam()
  if (!groups)
    return (
      <NotLoaded
        title="The groups could not be loaded"
        error={error}
        onRetry={() => void refetch()}
        height={52}
      />
    )
  if (groups.length > 0) return <GroupTable groups={groups} view={view} base={base} />
  return <NoRuns isNarrowed base={base} onClear={() => change({ statuses: [], where: [], text: '' })} />
}
