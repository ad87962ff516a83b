'use client'

import { Tabs } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { ChartControls } from '../../../charts/chart-controls.tsx'
import { useChartSettings } from '../../../charts/use-chart-settings.ts'
import { pageUrl } from '../../../design/page-url.ts'
import { useTeam } from '../../../team-scope.ts'
import { runCharts } from '../../run-list/run-charts.ts'
import { EvaluationTab } from '../evaluation/evaluation-tab.tsx'
import { RunHistory } from '../history/run-history.tsx'
import type { RunFeed } from '../live/run-feed.ts'
import { EpochList } from '../log/epoch-list.tsx'
import { RunLog } from '../log/run-log.tsx'
import { RetrievalTab } from '../retrieval/retrieval-tab.tsx'
import { RunSystem } from '../system/run-system.tsx'
import { RUN_CHART_LINES, RunChartPanel } from './run-chart-panel.tsx'
import { RunLineagePanel } from './run-lineage-panel.tsx'
import { RunModelsPanel } from './run-models-panel.tsx'
import { RunOverview } from './run-overview.tsx'

/** Loaded on demand, because it pulls in the recipe's schema, which the other tabs do not need. */
const RunConfig = dynamic(() => import('./run-config.tsx').then((module) => module.RunConfig))

const tabs = ['overview', 'charts', 'evaluation', 'models', 'history', 'system', 'log', 'config'] as const

/** The tabs of a run's page; the selected one is kept in the URL. */
export function RunTabs({ feed }: { feed: RunFeed }) {
  const { base } = useTeam()
  const requested = useSearchParams().get('tab')
  const tab = tabs.find((name) => name === requested) ?? 'overview'
  const [settings, setSettings] = useChartSettings()
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs on tab changes, to scroll the tab into view
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[aria-selected=true]')
    if (!list.current || !chosen) return
    // Not by scrollIntoView, which would move the page as well, away from where Back leads.
    const [frame, own] = [list.current.getBoundingClientRect(), chosen.getBoundingClientRect()]
    if (own.left < frame.left) list.current.scrollLeft += own.left - frame.left
    else if (own.right > frame.right) list.current.scrollLeft += own.right - frame.right
  }, [tab])
  const show = (name: string | null) => {
    // Next.js observes the history API: the URL changes without a request to the server, and Back returns to
    // the last tab.
    const search = new URLSearchParams(location.search)
    if (name === null || name === 'overview') search.delete('tab')
    else search.set('tab', name)
    if (name !== tab) window.history.pushState(null, '', pageUrl(search))
  }
  const charts = runCharts.filter(
    ({ name }) => feed.curves.some((curve) => curve.name === name) || name === 'loss',
  )
  return (
    <Tabs value={tab} onChange={show} keepMounted={false}>
      <Tabs.List ref={list} className="mb-6 flex-nowrap overflow-x-auto">
        {tabs.map((name) => (
          <Tabs.Tab key={name} value={name} className="capitalize">
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="overview">
        <RunOverview feed={feed} settings={settings} onChange={setSettings} />
      </Tabs.Panel>
      <Tabs.Panel value="charts">
        <div className="mb-5">
          <ChartControls settings={settings} onChange={setSettings} lines={RUN_CHART_LINES} />
        </div>
        <div className="grid gap-6 lg:grid-cols-2">
          {charts.map((chart) => (
            <RunChartPanel
              key={chart.name}
              feed={feed}
              chart={chart}
              settings={settings}
              onChange={setSettings}
            />
          ))}
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="evaluation">
        {feed.run.retrieval ? (
          <RetrievalTab run={feed.run} retrieval={feed.run.retrieval} />
        ) : (
          <EvaluationTab feed={feed} settings={settings} onChange={setSettings} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="models">
        <div className="flex flex-col gap-6">
          <RunModelsPanel run={feed.run} />
          <RunLineagePanel run={feed.run} base={base} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <RunHistory feed={feed} />
      </Tabs.Panel>
      <Tabs.Panel value="system">
        <RunSystem run={feed.run} settings={settings} onChange={setSettings} />
      </Tabs.Panel>
      <Tabs.Panel value="log">
        <div className="flex flex-col gap-6">
          <EpochList feed={feed} />
          <RunLog key={feed.run.id} feed={feed} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="config">
        <RunConfig run={feed.run} base={base} />
      </Tabs.Panel>
    </Tabs>
  )
}
