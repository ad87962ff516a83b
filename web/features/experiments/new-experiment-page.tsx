'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { ExperimentTemplatesDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { QuotaNotice } from '../usage/quota-notice.tsx'
import { TemplateForm } from './template-form.tsx'

/** Starts one of the experiments that ship: the paper's tables and figures. */
export function NewExperimentPage() {
  const { team, base } = useTeam()
  const { data, error, refetch } = useQuery(ExperimentTemplatesDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'network-only',
  })
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/experiments`}>Experiments</BackLink>}
        title="Repeat the paper"
        note="Its tables and figures, whole and small, each with independent controls and several seeds"
      />
      <QuotaNotice kinds={['DEVICE_HOURS', 'STORED_BYTES', 'QUEUED_RUNS']} />
      {error && !data ? (
        <ErrorNotice title="The choices could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !data?.team ? (
        <Skeleton height={420} maw={760} />
      ) : (
        <TemplateForm templates={data.experimentTemplates} datasets={data.team.datasets.nodes} />
      )}
    </>
  )
}
