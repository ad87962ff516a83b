'use client'

import { useQuery } from '@apollo/client/react'
import { IconFileImport } from '@tabler/icons-react'
import { BackLink } from '../../design/back-link.tsx'
import { EmptyState } from '../../design/empty-state.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { WeightsListDocument } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { useTeam } from '../../team-scope.ts'
import { UploadWeights } from './upload-weights.tsx'
import { WeightsTable } from './weights-table.tsx'

const POLL_MS = 1_000

/** Files of weights that the team brought along, for students to begin with. */
export function WeightsPage() {
  const { team, base, mayChange } = useTeam()
  const query = useQuery(WeightsListDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const { data, error, refetch, fetchMore } = query
  const connection = data?.team?.givenWeights
  const weights = connection?.edges.map(({ node }) => node) ?? []
  usePollWhile(
    query,
    weights.some(({ status }) => status === 'PENDING'),
    POLL_MS,
  )
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/models`}>Models</BackLink>}
        title="Weights"
        note={
          connection && connection.totalCount > 0
            ? countOf(connection.totalCount, 'file')
            : 'Of an earlier training elsewhere, for students to begin with.'
        }
      />
      {mayChange && (
        <Panel className="mb-6" title="Upload weights">
          <UploadWeights teamId={team.id} onCreated={() => void refetch().catch(() => undefined)} />
        </Panel>
      )}
      <Panel flush>
        {!connection ? (
          <NotLoaded title="The weights could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : weights.length === 0 ? (
          <EmptyState icon={<IconFileImport size={22} />} title="No weights yet">
            Upload those of torchvision, timm, Keras or your own: which networks they fit, and what does not,
            is told before anything is trained.
          </EmptyState>
        ) : (
          <WeightsTable weights={weights} base={base} />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={weights.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
    </>
  )
}
