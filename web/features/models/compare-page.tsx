'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { IconColumns } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useSearchParams } from 'next/navigation'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { CompareTrainedDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'

/** Loaded on demand, because it pulls in the recipe's schema. */
const Comparison = dynamic(() => import('./comparison.tsx').then((module) => module.Comparison))

/** Two to four models side by side, chosen by the URL. */
export function ComparePage() {
  const { base } = useTeam()
  const ids = (useSearchParams().get('ids') ?? '').split(',').filter(Boolean).slice(0, 4)
  const [first = '', second = '', third = '', fourth = ''] = ids
  const { data, error, refetch } = useQuery(CompareTrainedDocument, {
    variables: { first, second, third, fourth },
    skip: ids.length === 0,
  })
  const trained = [data?.first, data?.second, data?.third, data?.fourth].flatMap((node) =>
    node?.__typename === 'Model' || node?.__typename === 'Ensemble' ? [node] : [],
  )
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/models`}>Models</BackLink>}
        title="Compare models"
        note="The best of each row stands out; of the recipes only what differs is listed."
      />
      {error && !data ? (
        <ErrorNotice title="The models could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : ids.length > 0 && !data ? (
        <Skeleton height={320} />
      ) : (
        <Panel flush>
          {trained.length < 2 ? (
            <EmptyState
              icon={<IconColumns size={22} />}
              title="Choose two to four"
              action={<LinkButton href={`${base}/models`}>See the models</LinkButton>}
            >
              Tick models in the list, then compare them here.
            </EmptyState>
          ) : (
            <Comparison trained={trained} base={base} />
          )}
        </Panel>
      )}
    </>
  )
}
