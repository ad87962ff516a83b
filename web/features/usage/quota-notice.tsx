'use client'

import { useQuery } from '@apollo/client/react'
import { Alert } from '@mantine/core'
import { IconGauge } from '@tabler/icons-react'
import { type QuotaKind, TeamQuotasDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { levelOf, warnOfQuota } from './quota-words.ts'

/** Tells of limits that are near or reached, before the work begins; nothing where there is nothing to tell. */
export function QuotaNotice({ kinds }: { kinds: readonly QuotaKind[] }) {
  const { team } = useTeam()
  const { data } = useQuery(TeamQuotasDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const near =
    data?.team?.quotas.filter((quota) => kinds.includes(quota.kind) && levelOf(quota) !== 'FINE') ?? []
  return near.map((quota) => (
    <Alert
      key={quota.kind}
      mb="md"
      icon={<IconGauge size={18} />}
      color={levelOf(quota) === 'HARD' ? 'red' : 'yellow'}
      title={levelOf(quota) === 'HARD' ? 'The team’s limit is reached' : 'The team is near its limit'}
    >
      {warnOfQuota(quota)}
    </Alert>
  ))
}
