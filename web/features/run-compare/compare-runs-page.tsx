'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { IconColumns } from '@tabler/icons-react'
import { useSearchParams } from 'next/navigation'
import { ChartControls } from '../../charts/chart-controls.tsx'
import { useChartSettings } from '../../charts/use-chart-settings.ts'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { pageUrl } from '../../design/page-url.ts'
import { Panel } from '../../design/panel.tsx'
import { CompareRunsDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { MAX_COMPARED_RUNS, readComparedRuns } from '../run-list/compared-runs.ts'
import { COMPARED_LINES, ComparedCharts } from './compared-charts.tsx'
import { ComparedTable } from './compared-table.tsx'

/** Runs side by side, chosen by the URL; the first of them is the baseline. */
export function CompareRunsPage() {
  const { team, base } = useTeam()
  const numbers = readComparedRuns(useSearchParams().get('runs'))
  const [settings, setSettings] = useChartSettings()
  const { data, error, refetch } = useQuery(CompareRunsDocument, {
    variables: { slug: team.slug, numbers },
    skip: numbers.length === 0,
    fetchPolicy: 'cache-and-network',
  })
  const found = data?.team?.runs.nodes ?? []
  const runs = numbers.flatMap((number) => found.find((run) => run.number === number) ?? [])
  const show = (next: number[]) => {
    const search = new URLSearchParams(location.search)
    search.set('runs', next.join(','))
    window.history.replaceState(null, '', pageUrl(search))
  }
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/runs`}>Runs</BackLink>}
        title="Compare runs"
        note="Differences are from the baseline, on the left. Of cohorts and recipes only what differs is listed."
      />
      {error && !data ? (
        <ErrorNotice title="The runs could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : numbers.length > 0 && !data ? (
        <Skeleton height={420} />
      ) : runs.length < 2 ? (
        <Panel flush>
          <EmptyState
            icon={<IconColumns size={22} />}
            title={`Choose two to ${MAX_COMPARED_RUNS}`}
            action={<LinkButton href={`${base}/runs`}>See the runs</LinkButton>}
          >
            Tick runs in the list, then compare them here.
          </EmptyState>
        </Panel>
      ) : (
        <div className="flex flex-col gap-6">
          <ComparedTable
            runs={runs}
            base={base}
            onBaseline={(number) => show([number, ...numbers.filter((other) => other !== number)])}
            onRemove={(number) => show(numbers.filter((other) => other !== number))}
          />
          <ChartControls settings={settings} onChange={setSettings} lines={COMPARED_LINES} />
          <ComparedCharts runs={runs} settings={settings} onChange={setSettings} />
        </div>
      )}
    </>
  )
}
