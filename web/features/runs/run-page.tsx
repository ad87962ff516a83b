'use client'

import { Anchor, Badge, Skeleton, Text, VisuallyHidden } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useSearchParams } from 'next/navigation'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { RUN_STATUS_WORDS, TRAINING_PHASE_WORDS } from '../../../contract/runs/run-words.ts'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { TextLink } from '../../design/link-button.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { useTeam } from '../../team-scope.ts'
import { FollowRunButton } from '../notices/follow-run-button.tsx'
import { progressShare } from '../run-list/run-facts.ts'
import { RunStatusMark } from '../run-list/run-status.tsx'
import { ShareButton } from '../sharing/share-button.tsx'
import { RunActions } from './control/run-actions.tsx'
import type { PageRun } from './live/run-feed.ts'
import { useRunFeed } from './live/use-run-feed.ts'
import { RunFailureNotice } from './page/run-failure-notice.tsx'
import { RunNeighbours } from './page/run-neighbours.tsx'
import { RunTabs } from './page/run-tabs.tsx'

/** The page of a run, updated live. */
export function RunPage({ number }: { number: number }) {
  const { team, base, mayChange } = useTeam()
  const list = useSearchParams().get('list')
  const { feed, missing, error, live, reload } = useRunFeed(team.slug, number)
  useDocumentTitle(titleOf(number, feed?.run))

  if (missing) return <MissingPage what="run" href={`${base}/runs`} />
  if (!feed) {
    return error ? (
      <ErrorNotice title="The run could not be loaded" error={error} onRetry={reload} />
    ) : (
      <WaitingRun />
    )
  }
  const { run } = feed
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/runs${list ? `?${list}` : ''}`}>Runs</BackLink>}
        title={
          <>
            Run {run.number}
            {run.name && <span className="font-normal">{run.name}</span>}
            <RunStatusMark status={run.status} />
          </>
        }
        note={<RunNote run={run} base={base} />}
        actions={
          <>
            {live === 'reconnecting' && (
              <Text size="sm" c="dimmed">
                Connection lost, trying again…
              </Text>
            )}
            {feed.pointsLeftOut > 0 && <ThinnedNote onReload={reload} />}
            <RunNeighbours number={run.number} />
            {mayChange && !run.archivedAt && (
              <ShareButton slug={team.slug} subject={{ id: run.id, name: `run ${run.number}` }} />
            )}
            {!isEnded(run.status) && <FollowRunButton run={run} onChanged={reload} />}
            {mayChange && <RunActions run={run} base={base} onChanged={reload} />}
          </>
        }
      />
      {/* Announces status changes, but not numbers. */}
      <VisuallyHidden aria-live="polite">
        Run {run.number}: {RUN_STATUS_WORDS[run.status]}
        {run.phase && `, ${TRAINING_PHASE_WORDS[run.phase]}`}
      </VisuallyHidden>
      {run.failure && (
        <div className="mb-6">
          <RunFailureNotice run={run} base={base} />
        </div>
      )}
      <RunTabs feed={feed} />
    </>
  )
}

/** Quiet: the curves keep their shape, and no score is another. */
function ThinnedNote({ onReload }: { onReload: () => void }) {
  return (
    <Text size="sm" c="dimmed">
      Points come faster than they can be sent: least and greatest are kept.{' '}
      <Anchor component="button" type="button" size="sm" onClick={onReload}>
        Load the curves anew
      </Anchor>
    </Text>
  )
}

/** What it trained, where its settings came from, and its tags. */
function RunNote({ run, base }: { run: PageRun; base: string }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <span>
        {run.cohort.name} on {run.datasetVersion.dataset.name}
        {run.experiment && (
          <>
            {', a trial of '}
            <TextLink href={`${base}/experiments/${run.experiment.number}`} size="sm" underline="always">
              {`experiment ${run.experiment.number}`}
            </TextLink>
          </>
        )}
        {run.fork?.run && (
          <>
            , forked after step {run.fork.step} of{' '}
            <TextLink href={`${base}/runs/${run.fork.run.number}`} size="sm" underline="always">
              run {run.fork.run.number}
            </TextLink>
          </>
        )}
        {run.clonedFrom && (
          <>
            , from the settings of{' '}
            <TextLink href={`${base}/runs/${run.clonedFrom.number}`} size="sm" underline="always">
              run {run.clonedFrom.number}
            </TextLink>
          </>
        )}
      </span>
      {run.archivedAt && (
        <Badge size="sm" variant="light" color="gray" tt="none">
          Archived
        </Badge>
      )}
      {run.tags.map((tag) => (
        <Badge key={tag} size="sm" variant="default" tt="none" fw={500}>
          {tag}
        </Badge>
      ))}
    </span>
  )
}

function titleOf(number: number, run: PageRun | undefined): string {
  if (!run) return `Run ${number} · Studyhall`
  const state =
    run.status === 'RUNNING'
      ? `${Math.floor(progressShare(run.progress) * 100)} %`
      : RUN_STATUS_WORDS[run.status]
  return `${state} · Run ${number} · Studyhall`
}

function WaitingRun() {
  return (
    <div aria-busy="true">
      <Skeleton height={34} width={240} mb={28} />
      <Skeleton height={36} mb={24} />
      <Skeleton height={150} mb={24} />
      <Skeleton height={320} />
    </div>
  )
}
