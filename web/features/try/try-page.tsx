'use client'

import { useQuery } from '@apollo/client/react'
import { useDocumentTitle } from '@mantine/hooks'
import { IconPhotoQuestion } from '@tabler/icons-react'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { TryRunDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { TryStudents } from './answers/try-students.tsx'
import type { TriedRun } from './networks/use-students.ts'
import { TryRetrieval } from './retrieval/try-retrieval.tsx'

/** Runs a finished run's students on the user's own image, in the browser. */
export function TryPage({ number }: { number: number }) {
  const { team, base } = useTeam()
  const { data, error, refetch } = useQuery(TryRunDocument, { variables: { slug: team.slug, number } })
  const run = data?.team?.run
  const runHref = `${base}/runs/${number}`
  useDocumentTitle(`Try run ${number} · Studyhall`)

  if (data && !run) return <MissingPage what="run" href={`${base}/runs`} />
  return (
    <>
      <PageHeader
        above={<BackLink href={runHref}>{`Run ${number}`}</BackLink>}
        title="Try it"
        note={run && `${run.cohort.name} on ${run.datasetVersion.dataset.name}, computed in this browser`}
      />
      {run ? (
        <Tried run={run} runHref={runHref} />
      ) : error ? (
        <ErrorNotice title="The run could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <LoadingRows />
      )}
    </>
  )
}

function Tried({ run, runHref }: { run: TriedRun; runHref: string }) {
  if (run.models.length === 0)
    return (
      <Nothing title="Nothing to try yet" href={runHref}>
        Only a run that succeeds leaves models; this one has none.
      </Nothing>
    )
  if (run.datasetVersion.dataset.kind === 'RETRIEVAL') return <TryRetrieval run={run} />
  return <TryStudents run={run} />
}

function Nothing(props: { title: string; href: string; children: string }) {
  return (
    <Panel flush>
      <EmptyState
        icon={<IconPhotoQuestion size={22} />}
        title={props.title}
        action={<LinkButton href={props.href}>See the run</LinkButton>}
      >
        {props.children}
      </EmptyState>
    </Panel>
  )
}
