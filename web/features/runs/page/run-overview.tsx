'use client'

import type { ChartSettings } from '../../../charts/chart-controls.tsx'
import type { RunFeed } from '../live/run-feed.ts'
import { EvaluationPanel } from './evaluation-panel.tsx'
import { RunChartPanel } from './run-chart-panel.tsx'
import { lossChart, testChart } from './run-lines.ts'
import { RunProgressPanel } from './run-progress-panel.tsx'
import { RunStudentsPanel } from './run-students-panel.tsx'

/** The page's first tab: how far it is, the two curves that matter, and, once there, the results. */
export function RunOverview({ feed, settings }: { feed: RunFeed; settings: ChartSettings }) {
  const { run } = feed
  return (
    <div className="flex flex-col gap-6">
      <RunProgressPanel run={run} />
      {run.status === 'SUCCEEDED' && run.evaluation && <EvaluationPanel run={run} withDownloads />}
      <div className="grid gap-6 lg:grid-cols-2">
        <RunChartPanel feed={feed} chart={lossChart} settings={settings} />
        <RunChartPanel feed={feed} chart={testChart} settings={settings} />
      </div>
      <RunStudentsPanel students={run.students} />
    </div>
  )
}
