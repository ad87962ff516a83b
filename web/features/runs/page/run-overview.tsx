'use client'

import dynamic from 'next/dynamic'
import type { ChartSettings } from '../../../charts/chart-settings.ts'
import { lossChart, mapChart, peerLossChart, testChart } from '../../run-list/run-charts.ts'
import { EvaluationPanel } from '../evaluation/evaluation-panel.tsx'
import type { PageRun, RunFeed } from '../live/run-feed.ts'
import { RetrievalPanel } from '../retrieval/retrieval-panel.tsx'
import { FindingNotice } from './finding-notice.tsx'
import { RunChartPanel } from './run-chart-panel.tsx'
import { RunForkPanel } from './run-fork-panel.tsx'
import { RunProgressPanel } from './run-progress-panel.tsx'
import { RunStudentsPanel } from './run-students-panel.tsx'
import { RunTeachingPanel } from './run-teaching-panel.tsx'

const RunNotesPanel = dynamic(() => import('./run-notes-panel.tsx').then((module) => module.RunNotesPanel))

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
  const teaches = run.cohort.teaching.method !== 'INDEPENDENT'
  return (
    <div className="flex flex-col gap-4">
      <RunProgressPanel run={run} />
      {run.fork && <RunForkPanel fork={run.fork} />}
      {run.notes && <RunNotesPanel notes={run.notes} />}
      {run.findings.map((finding) => (
        <FindingNotice key={`${finding.code} ${finding.student}`} finding={finding} />
      ))}
      <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
        <RunResults run={run} isRetrieval={isRetrieval} />
        <RunTeachingPanel feed={feed} />
      </div>
      <div className={`grid gap-4 ${teaches ? 'lg:grid-cols-3' : 'lg:grid-cols-2'}`}>
        <RunChartPanel {...chart} chart={isRetrieval ? mapChart : testChart} />
        <RunChartPanel {...chart} chart={lossChart} />
        {teaches && <RunChartPanel {...chart} chart={peerLossChart} />}
      </div>
      {run.status === 'SUCCEEDED' && <RunStudentsPanel students={run.students} isRetrieval={isRetrieval} />}
    </div>
  )
}

/** What was measured at the end; before that, what is known of each student. */
function RunResults({ run, isRetrieval }: { run: PageRun; isRetrieval: boolean }) {
  if (run.status === 'SUCCEEDED' && run.evaluation) return <EvaluationPanel run={run} withDownloads />
  if (run.status === 'SUCCEEDED' && run.retrieval)
    return <RetrievalPanel run={run} retrieval={run.retrieval} withDownloads />
  return <RunStudentsPanel students={run.students} isRetrieval={isRetrieval} />
}
