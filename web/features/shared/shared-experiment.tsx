'use client'

import { Progress, Text, useComputedColorScheme } from '@mantine/core'
import { useState } from 'react'
import { BandChart } from '../../charts/band-chart.tsx'
import { ChartLegend } from '../../charts/chart-legend.tsx'
import { lineStyle } from '../../charts/line-style.ts'
import { Facts } from '../../design/facts.tsx'
import { formatShare } from '../../design/format-numbers.ts'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import type { SharedExperimentPartsFragment } from '../../graphql/generated/operations.ts'
import { methodLabel } from '../cohorts/teaching-words.ts'
import { ExperimentStatusMark, isUnderWay, progressWords } from '../experiments/experiment-status.tsx'
import { ForestPanel } from '../experiments/forest-panel.tsx'
import { NotesPanel } from '../experiments/notes-panel.tsx'
import { ResultsPanel } from '../experiments/results-panel.tsx'
import { VerdictsPanel } from '../experiments/verdicts-panel.tsx'
import { describeSharedDataset } from './dataset-words.ts'

/** An experiment as it is shared: the answer, every figure behind it, and what to know before believing it. */
export function SharedExperiment({ experiment }: { experiment: SharedExperimentPartsFragment }) {
  const { title, progress, arms, seeds, conditions, comparisons, notes, dataset } = experiment
  const compared = { conditions, results: { comparisons } }
  const share =
    (100 * (progress.succeeded + progress.failed + progress.canceled)) / Math.max(1, progress.runs)
  return (
    <>
      <PageHeader
        title={
          <>
            {title} <ExperimentStatusMark progress={progress} decidedAt={null} />
          </>
        }
        note={`On ${describeSharedDataset(dataset)}`}
      />
      <div className="flex flex-col gap-6">
        <Panel>
          <div className="flex flex-col gap-4">
            {isUnderWay(progress) && <Progress value={share} aria-label="Runs that have ended" />}
            <Text size="sm">{progressWords(progress)}</Text>
            <Facts
              columns="sm:grid-cols-3"
              facts={[
                ...arms.map(
                  ({ name, students, method }) =>
                    [name, `${students.join(', ')}: ${methodLabel(method).toLowerCase()}`] as const,
                ),
                ['Conditions', conditions.join(', ')],
                ['Seeds', seeds.join(', ')],
              ]}
            />
          </div>
        </Panel>
        <VerdictsPanel experiment={compared} />
        <ForestPanel experiment={compared} />
        <SharedCurves experiment={experiment} />
        <ResultsPanel experiment={compared} />
        <NotesPanel notes={notes} />
      </div>
    </>
  )
}

function SharedCurves({
  experiment: { curves, conditions, dataset },
}: {
  experiment: SharedExperimentPartsFragment
}) {
  const scheme = useComputedColorScheme('light')
  const [hidden, setHidden] = useState<string[]>([])
  const bands = curves.map(({ condition, arm, steps, means, deviations }, i) => ({
    label: conditions.length > 1 ? `${condition}: ${arm}` : arm,
    steps,
    values: means,
    deviations,
    ...lineStyle(i, scheme),
  }))
  if (bands.length === 0) return null
  const shown = bands.filter(({ label }) => !hidden.includes(label))
  const flip = (label: string) =>
    setHidden(hidden.includes(label) ? hidden.filter((one) => one !== label) : [...hidden, label])
  const lasts = new Map(bands.map(({ label, values }) => [label, values.at(-1) ?? null]))
  const words = bands.map(({ label }) => `${label} ${formatShare(lasts.get(label))}`).join(', ')
  return (
    <Panel
      title={dataset.kind === 'RETRIEVAL' ? 'Mean average precision' : 'Test accuracy'}
      note="The average student of each arm: mean and one deviation over its seeds"
    >
      <ChartLegend lines={bands} values={lasts} format={formatShare} hidden={hidden} onToggle={flip} />
      {shown.length > 0 && (
        <BandChart
          bands={shown}
          description={`By step. Last: ${words}.`}
          format={(value) => formatShare(value, 0)}
        />
      )}
    </Panel>
  )
}
