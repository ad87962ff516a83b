'use client'

import { Anchor, Progress, Text } from '@mantine/core'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { Facts } from '../../design/facts.tsx'
import { formatShare } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import type { SharedRunPartsFragment } from '../../graphql/generated/operations.ts'
import { methodLabel } from '../cohorts/teaching-words.ts'
import { describeRecipe } from '../recipe/recipe-words.ts'
import { lossChart, mapChart, peerLossChart, testChart } from '../run-list/run-charts.ts'
import { progressShare } from '../run-list/run-facts.ts'
import { RunStatusMark } from '../run-list/run-status.tsx'
import { TeachingDrawing } from '../teaching/teaching-drawing.tsx'
import { describeSharedDataset } from './dataset-words.ts'
import { SharedRunChart } from './shared-run-chart.tsx'
import { SharedRunResults } from './shared-run-results.tsx'

/** A run as it is shared: who learns, how far they are, what came of it, and by which recipe. */
export function SharedRun({ run }: { run: SharedRunPartsFragment }) {
  const { cohort, dataset, status } = run
  const teaches = cohort.teaching.method !== 'INDEPENDENT'
  return (
    <>
      <PageHeader
        title={
          <>
            {run.title} <RunStatusMark status={status} />
          </>
        }
        note={`${cohort.name} on ${describeSharedDataset(dataset)}`}
      />
      <div className="flex flex-col gap-6">
        {!isEnded(status) && <Advance run={run} />}
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <Panel title="Teaching" note={methodLabel(cohort.teaching.method)}>
            <TeachingDrawing
              students={cohort.students}
              teaching={cohort.teaching}
              scores={cohort.students.map(({ lastScore }) =>
                lastScore === null ? '' : formatShare(lastScore),
              )}
              isLive={status === 'RUNNING'}
            />
          </Panel>
          <SharedRunResults run={run} />
        </div>
        <div className={`grid gap-6 ${teaches ? 'lg:grid-cols-3' : 'lg:grid-cols-2'}`}>
          <SharedRunChart run={run} chart={dataset.kind === 'RETRIEVAL' ? mapChart : testChart} />
          <SharedRunChart run={run} chart={lossChart} />
          {teaches && <SharedRunChart run={run} chart={peerLossChart} />}
        </div>
        <Panel title="Recipe">
          <Facts facts={[...describeRecipe(run.recipe), ['Seed', run.seed], ...endFacts(run)]} />
        </Panel>
      </div>
    </>
  )
}

function Advance({ run: { progress } }: { run: SharedRunPartsFragment }) {
  return (
    <Panel>
      <div className="flex flex-col gap-2">
        <Progress value={100 * progressShare(progress)} aria-label="Share of the training" />
        <Text size="sm">
          {progress.epoch === 0 ? 'Not begun yet' : `Epoch ${progress.epoch} of ${progress.epochs}`}; this
          page follows it
        </Text>
      </div>
    </Panel>
  )
}

function endFacts({ finishedAt, receiptUrl }: SharedRunPartsFragment) {
  return [
    ['Ended', finishedAt ? formatInstant(finishedAt) : '–'] as const,
    [
      'Receipt',
      receiptUrl ? (
        <Anchor key="receipt" href={receiptUrl} download size="sm">
          Signed hashes, as JSON
        </Anchor>
      ) : (
        '–'
      ),
    ] as const,
  ]
}
