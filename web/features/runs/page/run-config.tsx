import { Anchor } from '@mantine/core'
import { CopyValue } from '../../../design/copy-value.tsx'
import { Disclosure } from '../../../design/disclosure.tsx'
import { Facts } from '../../../design/facts.tsx'
import { formatInstant } from '../../../design/format-time.ts'
import { TextLink } from '../../../design/link-button.tsx'
import { Panel } from '../../../design/panel.tsx'
import { StudentsPanel, TeachingPanel } from '../../cohorts/cohort-facts.tsx'
import { describeRecipe } from '../../recipe/recipe-words.ts'
import type { PageRun } from '../live/run-feed.ts'
import { RunCost } from './run-cost.tsx'

/** The complete configuration of a run. */
export function RunConfig({ run, base }: { run: PageRun; base: string }) {
  const json = JSON.stringify(run.recipe, null, 2)
  const { dataset, number, id } = run.datasetVersion
  return (
    <div className="flex flex-col gap-6">
      <Panel title="Run">
        <Facts
          facts={[
            [
              'Cohort',
              <TextLink key="cohort" href={`${base}/cohorts/${run.cohort.id}`} size="sm">
                {run.cohort.name}
              </TextLink>,
            ],
            [
              'Dataset',
              <TextLink key={id} href={`${base}/datasets/${dataset.id}`} size="sm">
                {`${dataset.name}, version\u00a0${number}`}
              </TextLink>,
            ],
            ['Seed', run.seed],
            ['Threads per operation', run.threadsPerOperation ?? '–'],
            ['Execution', run.executionMode ? `${run.executionMode}, ${run.executionDevice}` : '–'],
            ['Attempt', run.attempt],
            ['Device time', <RunCost key="cost" runId={run.id} />],
            ['Worker', run.workerName ?? '–'],
            ['Started by', run.createdBy.name],
            ['Asked for', formatInstant(run.createdAt)],
            ['Ended', run.finishedAt ? formatInstant(run.finishedAt) : '–'],
            [
              'Receipt',
              run.receiptUrl ? (
                <Anchor key="receipt" href={run.receiptUrl} download size="sm">
                  Signed hashes, as JSON
                </Anchor>
              ) : (
                '–'
              ),
            ],
          ]}
        />
      </Panel>
      <Panel
        title="Recipe"
        note={`From the preset ${run.preset}`}
        actions={<CopyValue value={json} label="Copy the recipe as JSON" />}
      >
        <Facts facts={describeRecipe(run.recipe)} />
        <div className="mt-4">
          <Disclosure label="As JSON">
            <pre className="m-0 overflow-x-auto rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-4 font-mono text-xs">
              {json}
            </pre>
          </Disclosure>
        </div>
      </Panel>
      <TeachingPanel teaching={run.cohort.teaching} />
      <StudentsPanel students={run.cohort.students} />
    </div>
  )
}
