'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { IconDatabase, IconUsers } from '@tabler/icons-react'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { RunFormChoicesDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { QuotaNotice } from '../usage/quota-notice.tsx'
import { NewRunForm } from './new-run-form.tsx'
import { cohortChoices, versionChoices } from './run-form-values.ts'

interface Props {
  cohortId: string | null
  datasetVersionId: string | null
  /** Number of the run whose settings the form is initialised with. */
  from: number | null
  /** Begin with the switch that makes it an experiment. */
  prove: boolean
}

export function NewRunPage({ cohortId, datasetVersionId, from, prove }: Props) {
  const { team, base } = useTeam()
  const { data, error, refetch } = useQuery(RunFormChoicesDocument, {
    variables: { slug: team.slug, from: from ?? 0, hasSource: from !== null },
    fetchPolicy: 'network-only',
  })
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/runs`}>Runs</BackLink>}
        title="Start a run"
        note={
          data?.team?.run
            ? `Begins with everything that run ${data.team.run.number} was started with; change what you like.`
            : 'Trains one cohort on one dataset. The same seed on the same machine gives bit-identical weights.'
        }
      />
      <QuotaNotice kinds={['DEVICE_HOURS', 'STORED_BYTES', 'QUEUED_RUNS']} />
      {error && !data ? (
        <ErrorNotice title="The choices could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !data?.team ? (
        <Skeleton height={420} maw={760} />
      ) : cohortChoices(data.team).length === 0 ? (
        <Missing kind="cohort" href={`${base}/cohorts/new`} />
      ) : versionChoices(data.team).length === 0 ? (
        <Missing kind="dataset" href={`${base}/datasets`} />
      ) : (
        <NewRunForm choices={data} cohortId={cohortId} datasetVersionId={datasetVersionId} prove={prove} />
      )}
    </>
  )
}

function Missing({ kind, href }: { kind: 'cohort' | 'dataset'; href: string }) {
  const cohort = kind === 'cohort'
  return (
    <Panel flush>
      <EmptyState
        icon={cohort ? <IconUsers size={22} /> : <IconDatabase size={22} />}
        title={cohort ? 'Create a cohort first' : 'Add a dataset first'}
        action={<LinkButton href={href}>{cohort ? 'Build a cohort' : 'Add a dataset'}</LinkButton>}
      >
        {cohort
          ? 'A run trains a cohort: students, and how they teach each other.'
          : 'A run trains on labelled images whose import has finished.'}
      </EmptyState>
    </Panel>
  )
}
