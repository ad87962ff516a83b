'use client'

import { useQuery } from '@apollo/client/react'
import { useComputedColorScheme } from '@mantine/core'
import { isEnded } from '../../../../contract/runs/run-states.ts'
import { ChartControls } from '../../../charts/chart-controls.tsx'
import { ChartPanel } from '../../../charts/chart-panel.tsx'
import { type ChartSettings, toggleLine } from '../../../charts/chart-settings.ts'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { Facts } from '../../../design/facts.tsx'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { Panel } from '../../../design/panel.tsx'
import { RunSystemDocument } from '../../../graphql/generated/operations.ts'
import { usePollWhile } from '../../../graphql/use-poll-while.ts'
import type { PageRun } from '../live/run-feed.ts'
import { SYSTEM_CHARTS, systemFacts, systemLine } from './system-charts.ts'

const POLL_MS = 10_000

interface Props {
  run: PageRun
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}

/** What a run trained on, how fast, and what it used of it; what nobody measured is said to be so. */
export function RunSystem({ run, settings, onChange }: Props) {
  const query = useQuery(RunSystemDocument, { variables: { id: run.id }, fetchPolicy: 'no-cache' })
  usePollWhile(query, !isEnded(run.status), POLL_MS)
  const pace = query.data?.node?.__typename === 'Run' ? query.data.node.pace : undefined
  const batchSize = batchSizeOf(run.recipe)
  if (query.error && !pace) {
    const retry = () => void query.refetch()
    return <ErrorNotice title="What the run used could not be loaded" error={query.error} onRetry={retry} />
  }
  return (
    <div className="flex flex-col gap-6">
      <Panel title="System" note="Medians over the training, as reported by its worker">
        <Facts
          columns="sm:grid-cols-3 lg:grid-cols-4"
          facts={[
            ['Device', run.executionDevice ?? 'not measured'],
            ['Execution', run.executionMode ?? 'not measured'],
            ['Threads per operation', run.threadsPerOperation ?? 'not measured'],
            ['Worker', run.workerName ?? '–'],
            ...(pace ? systemFacts(pace, batchSize) : []),
          ]}
        />
      </Panel>
      {!pace ? (
        <LoadingRows rows={4} />
      ) : (
        <SystemCharts run={run} pace={pace} batchSize={batchSize} settings={settings} onChange={onChange} />
      )}
    </div>
  )
}

type ChartsProps = Props & { pace: Parameters<typeof systemFacts>[0]; batchSize: number }

function SystemCharts({ run, pace, batchSize, settings, onChange }: ChartsProps) {
  const scheme = useComputedColorScheme('light')
  const { steps, epochs } = run.progress
  const view = {
    smoothing: settings.smoothing,
    logarithmic: false,
    withoutOutliers: settings.withoutOutliers,
    stepsPerUnit: settings.axis === 'epoch' && steps ? steps / epochs : 1,
    unit: settings.axis,
  }
  const controls = <ChartControls settings={settings} onChange={onChange} />
  const charts = SYSTEM_CHARTS.flatMap((chart) => {
    const line = systemLine(chart, pace, batchSize, { byTime: settings.axis === 'time', scheme })
    return line ? [{ ...chart, line }] : []
  })
  if (charts.length === 0) return null
  return (
    <>
      {controls}
      <div className="grid gap-6 lg:grid-cols-2">
        {charts.map(({ name, title, format, line }) => (
          <ChartPanel
            key={name}
            title={title}
            lines={[line]}
            hidden={settings.hidden}
            onToggle={(label) => onChange(toggleLine(settings, label))}
            view={view}
            format={(value) => (value === null ? '–' : format(value))}
            formatAxis={format}
            syncKey={run.id}
            fileName={`run-${run.number}-${name}`}
            emptyWords="Nothing was measured"
            zoom={settings.zoom}
            onZoom={(zoom) => onChange({ ...settings, zoom })}
            isFull={settings.full === name}
            onFull={(isFull) => onChange({ ...settings, full: isFull ? name : null })}
            controls={controls}
          />
        ))}
      </div>
    </>
  )
}

function batchSizeOf(recipe: unknown): number {
  const { batchSize } = (recipe ?? {}) as { batchSize?: unknown }
  return typeof batchSize === 'number' && batchSize > 0 ? batchSize : 1
}
