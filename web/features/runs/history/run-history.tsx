'use client'

import { useQuery } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { Panel } from '../../../design/panel.tsx'
import { RunHistoryDocument } from '../../../graphql/generated/operations.ts'
import type { RunFeed } from '../live/run-feed.ts'
import { AttemptsTable } from './attempts-table.tsx'
import { CheckpointsTable } from './checkpoints-table.tsx'
import { timelineOf } from './run-timeline.ts'
import { TimelineList } from './timeline-list.tsx'

/** The run's attempts and checkpoints; refetched after each event that changes them. */
export function RunHistory({ feed: { run, historySeq } }: { feed: RunFeed }) {
  const query = useQuery(RunHistoryDocument, {
    variables: { id: run.id },
    fetchPolicy: 'cache-and-network',
  })
  const { refetch } = query
  const readAt = useRef(historySeq)
  useEffect(() => {
    if (readAt.current === historySeq) return
    readAt.current = historySeq
    void refetch().catch(() => undefined)
  }, [historySeq, refetch])
  const history = query.data?.node?.__typename === 'Run' ? query.data.node : undefined
  if (query.error && !history) {
    const retry = () => void query.refetch()
    return <ErrorNotice title="The run's history could not be loaded" error={query.error} onRetry={retry} />
  }
  return (
    <div className="flex flex-col gap-6">
      <Panel title="Timeline" note="What happened to it, with the checkpoints that are still kept">
        {history ? <TimelineList happenings={timelineOf(run, history)} /> : <LoadingRows rows={2} />}
      </Panel>
      <Panel title="Attempts" note="Each from claim to release by a worker" flush>
        {!history ? (
          <LoadingRows rows={1} />
        ) : history.attempts.length === 0 ? (
          <Nothing>No worker has claimed it yet.</Nothing>
        ) : (
          <AttemptsTable attempts={history.attempts} />
        )}
      </Panel>
      <Panel title="Checkpoints" note="The run resumes from the newest one if its worker is lost." flush>
        {!history ? (
          <LoadingRows rows={1} />
        ) : history.checkpoints.length === 0 ? (
          <Nothing>None yet. A checkpoint is saved every minute and when the run pauses.</Nothing>
        ) : (
          <CheckpointsTable checkpoints={history.checkpoints} />
        )}
      </Panel>
    </div>
  )
}

function Nothing({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed" px="lg" pb="md" pt={4}>
      {children}
    </Text>
  )
}
