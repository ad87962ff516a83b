'use client'

import type { ChartSettings } from '../../../charts/chart-settings.ts'
import { EvaluationPanel } from '../evaluation/evaluation-panel.tsx'
import type { RunFeed } from '../live/run-feed.ts'
import { RetrievalPanel } from '../retrieval/retrieval-panel.tsx'
import { FindingNotice } from './finding-notice.tsx'
import { RunChartPanel } from './run-chart-panel.tsx'
import { lossChart, mapChart, testChart } from './run-lines.ts'
import { RunProgressPanel } from './run-progress-panel.tsx'
import { RunStudentsPanel } from './run-students-panel.tsx'
import { RunTeachingPanel } from './run-teaching-panel.tsx'

interface Props {
  feed: RunFeed
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}

/** The page's first tab: progress, the two main charts, and the results once available. */
export function RunOverview({ feed, settings, onChange }: Props) {
  const { run } = feed
  const chart = { feed, settings, onChange }
  const isRetrieval = run.datasetVersion.dataset.kind === 'RETRIEVAL'
  return (
    <div className="flex flex-col gap-6">
      <RunProgressPanel run={run} />
      {run.findings.map((finding) => (
        <FindingNotice key={`${finding.code} ${finding.student}`} finding={finding} />
      ))}
      {run.status === 'SUCCEEDED' && run.evaluation && <EvaluationPanel run={run} withDownloads />}
      {run.status === 'SUCCEEDED' && run.retrieval && (
        <RetrievalPanel run={run} retrieval={run.retrieval} withDownloads />
      )}
      <div className="grid gap-6 lg:grid-cols-2">
        <RunChartPanel {...chart} chart={lossChart} />
        <RunChartPanel {...chart} chart={isRetrieval ? mapChart : testChart} />
      </div>
      <RunTeachingPanel feed={feed} />
      <RunStudentsPanel students={run.students} isRetrieval={isRetrieval} />
    </div>
  )
}
