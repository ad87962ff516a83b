import { useQuery } from '@apollo/client/react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { InstanceDocument, InstanceHealthDocument } from '../../graphql/generated/operations.ts'
import { HealthPanel } from './health-panel.tsx'
import { OutboxPanel } from './outbox-panel.tsx'
import { SignInPanel } from './sign-in-panel.tsx'

const REFRESH_EVERY_MS = 5_000

/** How the instance is, who may come in, and the mails that wait. */
export function OverviewTab() {
  const options = { fetchPolicy: 'cache-and-network', pollInterval: REFRESH_EVERY_MS } as const
  const outbox = useQuery(InstanceDocument, options)
  const health = useQuery(InstanceHealthDocument, options)
  return (
    <div className="flex flex-col gap-6">
      {health.error && !health.data ? (
        <ErrorNotice
          title="The instance’s health could not be loaded"
          error={health.error}
          onRetry={() => void health.refetch()}
        />
      ) : health.data?.instance ? (
        <>
          <HealthPanel health={health.data.instance.health} />
          <SignInPanel options={health.data.signIn} />
        </>
      ) : (
        <LoadingRows />
      )}
      {outbox.error && !outbox.data ? (
        <ErrorNotice
          title="The outbox could not be loaded"
          error={outbox.error}
          onRetry={() => void outbox.refetch()}
        />
      ) : outbox.data?.instance ? (
        <OutboxPanel {...outbox.data.instance} />
      ) : (
        <LoadingRows />
      )}
    </div>
  )
}
