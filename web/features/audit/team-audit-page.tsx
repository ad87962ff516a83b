'use client'

import { useQuery } from '@apollo/client/react'
import { BackLink } from '../../design/back-link.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { TeamAuditDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { useAuditFilter } from './audit-filter.ts'
import { AuditLog } from './audit-log.tsx'

/** What was done in a team, for its admins. */
export function TeamAuditPage() {
  const { team, base } = useTeam()
  const mayRead = team.viewerRole === 'OWNER' || team.viewerRole === 'ADMIN'
  const state = useAuditFilter()
  const { data, error, refetch, fetchMore } = useQuery(TeamAuditDocument, {
    variables: { slug: team.slug, filter: state.filter },
    fetchPolicy: 'cache-and-network',
    skip: !mayRead,
  })
  if (!mayRead) return <MissingPage />
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/settings`}>Settings</BackLink>}
        title="Audit log"
        note={`Who did what in ${team.name}, and from where`}
      />
      <AuditLog
        state={state}
        page={data?.team?.auditEvents}
        place={team.id}
        people={data?.team?.members.map(({ user }) => user) ?? []}
        error={error}
        onRetry={() => void refetch()}
        onMore={(after) => void fetchMore({ variables: { after } })}
      />
    </>
  )
}
