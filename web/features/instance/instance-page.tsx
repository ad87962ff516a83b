'use client'

import { useQuery } from '@apollo/client/react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { InstanceDocument } from '../../graphql/generated/operations.ts'
import { OwnShell } from '../shell/own-shell.tsx'
import { OutboxPanel } from './outbox-panel.tsx'

const REFRESH_EVERY_MS = 5_000

/** What whoever administers the instance looks after. */
export function InstancePage() {
  return <OwnShell>{() => <Administration />}</OwnShell>
}

function Administration() {
  const { data, error, refetch } = useQuery(InstanceDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: REFRESH_EVERY_MS,
  })
  if (data && !data.instance) return <MissingPage />
  return (
    <>
      <PageHeader title="Administration" note="Of this instance, for whoever administers it" />
      {error && !data ? (
        <ErrorNotice title="The outbox could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : data?.instance ? (
        <OutboxPanel {...data.instance} />
      ) : (
        <LoadingRows />
      )}
    </>
  )
}
