'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { IconGitFork } from '@tabler/icons-react'
import type { ComponentProps } from 'react'
import { isEnded } from '../../../contract/runs/run-states.ts'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ForkFormDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { QuotaNotice } from '../usage/quota-notice.tsx'
import { ForkForm } from './fork-form.tsx'

/** Starts a run that goes on from a checkpoint of another one. */
export function ForkPage({ number }: { number: number }) {
  const { team, base, mayChange } = useTeam()
  const { data, error, refetch } = useQuery(ForkFormDocument, {
    variables: { slug: team.slug, number },
    fetchPolicy: 'network-only',
  })
  const found = data?.team
  const run = found?.run
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/runs/${number}`}>{`Run ${number}`}</BackLink>}
        title={`Fork of run ${number}`}
        note="Goes on from a checkpoint with other students, another teaching or another recipe. Whoever stays keeps weights, optimizer state and the order of images to the bit."
      />
      {mayChange && <QuotaNotice kinds={['DEVICE_HOURS', 'STORED_BYTES', 'QUEUED_RUNS']} />}
      {error && !found ? (
        <ErrorNotice title="The run could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={420} maw={760} />
      ) : !found || !run ? (
        <Instead title={`There is no run ${number}`} href={`${base}/runs`} action="All runs">
          It may have been deleted.
        </Instead>
      ) : (
        <FormOrWhyNot run={run} networks={found.networks} onStale={() => void refetch()} />
      )}
    </>
  )
}

function FormOrWhyNot(props: ComponentProps<typeof ForkForm>) {
  const { base, mayChange } = useTeam()
  const { number, status, checkpoints } = props.run
  const back = { href: `${base}/runs/${number}`, action: `Back to run ${number}` }
  if (!mayChange)
    return (
      <Instead title="You cannot start runs in this team" {...back}>
        Whoever may change things in it can fork this run.
      </Instead>
    )
  if (checkpoints.some(({ kind }) => kind !== 'ORIGIN')) return <ForkForm key={props.run.id} {...props} />
  return (
    <Instead title="There is no checkpoint" {...back}>
      {isEnded(status)
        ? 'The run ended before it had saved one.'
        : 'A run saves one after every evaluation that is its best so far, from time to time, when it is paused and at its end.'}
    </Instead>
  )
}

/** In place of the form. */
function Instead(props: { title: string; href: string; action: string; children: string }) {
  return (
    <Panel flush>
      <EmptyState
        icon={<IconGitFork size={22} />}
        title={props.title}
        action={<LinkButton href={props.href}>{props.action}</LinkButton>}
      >
        {props.children}
      </EmptyState>
    </Panel>
  )
}
