import { useQuery } from '@apollo/client/react'
import { InstanceAuditDocument } from '../../graphql/generated/operations.ts'
import { useAuditFilter } from './audit-filter.ts'
import { AuditLog } from './audit-log.tsx'

/** What was done on the instance, sign-ins among it, by whom and from where. */
export function AuditTab() {
  const state = useAuditFilter()
  const { data, error, refetch, fetchMore } = useQuery(InstanceAuditDocument, {
    variables: { filter: state.filter },
    fetchPolicy: 'cache-and-network',
  })
  return (
    <AuditLog
      state={state}
      page={data?.instance?.auditEvents}
      place="instance"
      people={[]}
      error={error}
      onRetry={() => void refetch()}
      onMore={(after) => void fetchMore({ variables: { after } })}
    />
  )
}
