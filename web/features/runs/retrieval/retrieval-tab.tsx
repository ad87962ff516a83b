'use client'

import { Text } from '@mantine/core'
import type { RetrievalPartsFragment } from '../../../graphql/generated/operations.ts'
import type { PageRun } from '../live/run-feed.ts'
import { CmcPanel } from './cmc-panel.tsx'
import { RankingsPanel } from './rankings-panel.tsx'
import { RetrievalPanel } from './retrieval-panel.tsx'

/** The full evaluation of a retrieval run: scores, CMC curve, and the ranking of each query. */
export function RetrievalTab({ run, retrieval }: { run: PageRun; retrieval: RetrievalPartsFragment }) {
  return (
    <div className="flex flex-col gap-6">
      <RetrievalPanel run={run} retrieval={retrieval} />
      <CmcPanel runId={run.id} retrieval={retrieval} />
      <RankingsPanel runId={run.id} students={retrieval.students.map(({ name }) => name)} />
      <Text size="sm" c="dimmed">
        There are no curves by class: the students are examined on identities that they have not learned as
        classes.
      </Text>
    </div>
  )
}
