'use client'

import { useQuery } from '@apollo/client/react'
import { Select, Skeleton } from '@mantine/core'
import { useCallback } from 'react'
import type { ChartSettings } from '../../../charts/chart-settings.ts'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import { RunClassesDocument } from '../../../graphql/generated/operations.ts'
import type { RunFeed } from '../live/run-feed.ts'
import { WhyPanel } from '../why/why-panel.tsx'
import { ClassCurvesPanel } from './class-curves/class-curves-panel.tsx'
import { ClassesPanel } from './classes-panel.tsx'
import { ConfusionPanel } from './confusion-panel.tsx'
import { EvaluationPanel } from './evaluation-panel.tsx'
import { PeersPanel } from './peers-panel.tsx'
import { SuspectsPanel } from './suspects-panel.tsx'
import { writeCell } from './test-picture-filter.ts'
import { TEST_IMAGES, TestPicturesPanel } from './test-pictures-panel.tsx'

/**
 * The full evaluation: scores, peer comparison, classes, confusion, and images that no student has learned; how classes
 * are learned already while the run trains.
 */
export function EvaluationTab({
  feed,
  settings,
  onChange,
}: {
  feed: RunFeed
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}) {
  const { run } = feed
  const { evaluation } = run
  const isRetrieval = run.datasetVersion.dataset.kind === 'RETRIEVAL'
  return (
    <div className="flex flex-col gap-6">
      <EvaluationPanel run={run} inFull />
      {evaluation?.peerDivergence && evaluation.students.length > 1 && (
        <PeersPanel
          names={evaluation.students.map(({ name }) => name)}
          divergence={evaluation.peerDivergence}
          disagreement={evaluation.peerDisagreement ?? []}
        />
      )}
      {!isRetrieval && <ClassCurvesPanel feed={feed} settings={settings} onChange={onChange} />}
      {evaluation && run.experiment && <WhyPanel runId={run.id} />}
      {evaluation && <ByClass runId={run.id} />}
      {evaluation && <SuspectsPanel runId={run.id} students={evaluation.students.map(({ name }) => name)} />}
    </div>
  )
}

function ByClass({ runId }: { runId: string }) {
  const [requested, choose] = useUrlParameter('student')
  const [, setCell] = useUrlParameter('cell')
  const open = useCallback(
    (cell: readonly [number, number]) => {
      setCell(writeCell(cell))
      document.getElementById(TEST_IMAGES)?.scrollIntoView({ block: 'start' })
    },
    [setCell],
  )
  const { data, error, refetch } = useQuery(RunClassesDocument, { variables: { runId } })
  const run = data?.node?.__typename === 'Run' ? data.node : null
  const students = run?.evaluation?.students ?? []
  const student = students.find(({ name }) => name === requested) ?? students[0]
  if (error && !data)
    return (
      <ErrorNotice title="The classes could not be loaded" error={error} onRetry={() => void refetch()} />
    )
  if (!run || !student) return <Skeleton height={320} />
  // Runs of earlier versions did not measure this.
  if (!student.classes || !student.confusion) return null
  const chooser = students.length > 1 && (
    <Select
      aria-label="Student"
      size="xs"
      w={170}
      allowDeselect={false}
      data={students.map(({ name }) => name)}
      value={student.name}
      onChange={choose}
    />
  )
  const names = run.datasetVersion.classes
  return (
    <>
      <ClassesPanel student={student.name} names={names} scores={student.classes} chooser={chooser} />
      <ConfusionPanel
        student={student.name}
        names={names}
        cells={student.confusion}
        chooser={chooser}
        onOpen={open}
      />
      <TestPicturesPanel
        runId={runId}
        students={students.map(({ name }) => name)}
        classes={names}
        student={student.name}
      />
    </>
  )
}
