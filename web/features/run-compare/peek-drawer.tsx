'use client'

import { useQuery } from '@apollo/client/react'
import { Drawer, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { type ChartSettings, DEFAULT_CHART_SETTINGS } from '../../charts/chart-settings.ts'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { Facts } from '../../design/facts.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { type ComparedRunFragment, CompareRunsDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { RunStatusMark } from '../run-list/run-status.tsx'
import { columnWords } from '../run-table/column-values.ts'
import { columnLabel } from '../run-table/column-words.ts'
import { ComparedCharts } from './compared-charts.tsx'

interface Props {
  number: number
  href: string
  onClose: () => void
}

const COLUMNS = ['best', 'last', 'ensemble', 'dataset', 'method', 'preset', 'seed', 'duration'] as const

/** A run beside the list, without leaving it. */
export function PeekDrawer({ number, href, onClose }: Props) {
  const { team } = useTeam()
  const { data, error, refetch } = useQuery(CompareRunsDocument, {
    variables: { slug: team.slug, numbers: [number] },
    fetchPolicy: 'cache-and-network',
  })
  const run = data?.team?.runs.nodes.find((one) => one.number === number)
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`Run ${number}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {run ? (
        <Peeked run={run} href={href} />
      ) : error ? (
        <ErrorNotice title="The run could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={320} />
      )}
    </Drawer>
  )
}

function Peeked({ run, href }: { run: ComparedRunFragment; href: string }) {
  const [settings, setSettings] = useState<ChartSettings>({ ...DEFAULT_CHART_SETTINGS, axis: 'epoch' })
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <Text fw={600}>{run.name ?? run.cohort.name}</Text>
          <RunStatusMark status={run.status} />
        </div>
        <LinkButton href={href}>Open the run</LinkButton>
      </div>
      <Facts
        columns="sm:grid-cols-4"
        facts={COLUMNS.map((column) => [columnLabel(column), columnWords(run, column, Date.now())])}
      />
      <ComparedCharts runs={[run]} settings={settings} onChange={setSettings} columns={1} />
    </div>
  )
}
