'use client'

import type { RetrievalPartsFragment } from '../../../graphql/generated/operations.ts'
import type { PageRun } from '../live/run-feed.ts'
import { CmcPanel } from './cmc-panel.tsx'
import { RankingsPanel } from './rankings-panel.tsx'
import { RetrievalPanel } from './retrieval-panel.tsx'

/** All that a run on identities was measured by: the numbers, the curve, and query by query what was found. */
export function RetrievalTab({ run, retrieval }: { run: PageRun; retrieval: RetrievalPartsFragment }) {
  return (
    <div className="flex flex-col gap-6">
      <RetrievalPanel run={run} retrieval={retrieval} />
      <CmcPanel runId={run.id} retrieval={retrieval} />
      <RankingsPanel runId={run.id} students={retrieval.students.map(({ name }) => name)} />
    </div>
  )
}
