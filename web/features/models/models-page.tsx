'use client'

import { useQuery } from '@apollo/client/react'
import { IconBox, IconColumns } from '@tabler/icons-react'
import { useSearchParams } from 'next/navigation'
import { useMemo, useState } from 'react'
import { EmptyState } from '../../design/empty-state.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { RegistryDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { TradeOffPanel } from '../trade-offs/trade-off-panel.tsx'
import { filterOf } from './registry-filter.ts'
import { RegistryFilters } from './registry-filters.tsx'
import { MAX_COMPARED, RegistryTable } from './registry-table.tsx'

/** Every model and ensemble of a team. */
export function ModelsPage() {
  const { team, base } = useTeam()
  const address = useSearchParams()
  const filter = useMemo(() => filterOf(new URLSearchParams(address)), [address])
  const [chosen, setChosen] = useState<string[]>([])
  const { data, error, refetch, fetchMore } = useQuery(RegistryDocument, {
    variables: { slug: team.slug, filter },
    fetchPolicy: 'cache-and-network',
  })
  const connection = data?.team?.registry
  const trained = connection?.edges.map(({ node }) => node) ?? []
  const isFiltered = Object.values(filter).some((value) => value !== null)
  const choose = (id: string, isChosen: boolean) =>
    setChosen((ids) => {
      const others = ids.filter((other) => other !== id)
      return isChosen && others.length < MAX_COMPARED ? [...others, id] : others
    })
  return (
    <>
      <PageHeader
        title="Models"
        note={
          connection
            ? countOf(connection.totalCount, 'model and ensemble', 'models and ensembles')
            : 'Of succeeded runs.'
        }
        actions={
          <>
            {chosen.length > 1 && (
              <LinkButton
                href={`${base}/models/compare?ids=${chosen.join(',')}`}
                leftSection={<IconColumns size={16} />}
              >
                Compare {chosen.length}
              </LinkButton>
            )}
            <LinkButton href={`${base}/weights`} variant="default">
              Weights from elsewhere
            </LinkButton>
          </>
        }
      />
      <Panel className="mb-6">
        <RegistryFilters />
      </Panel>
      <Panel flush>
        {!connection ? (
          <NotLoaded title="The models could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : trained.length === 0 ? (
          <NoModels isFiltered={isFiltered} base={base} />
        ) : (
          <RegistryTable trained={trained} base={base} chosen={chosen} onChoose={choose} />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={trained.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
      <div className="mt-6">
        <TradeOffPanel datasetId={filter.datasetId} />
      </div>
    </>
  )
}

function NoModels({ isFiltered, base }: { isFiltered: boolean; base: string }) {
  if (isFiltered)
    return (
      <EmptyState
        icon={<IconBox size={22} />}
        title="No such models"
        action={
          <LinkButton href={`${base}/models`} variant="default">
            Show all
          </LinkButton>
        }
      >
        No model or ensemble of the team matches the filters.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<IconBox size={22} />}
      title="No models yet"
      action={<LinkButton href={`${base}/runs`}>See the runs</LinkButton>}
    >
      Every student of a run that succeeds becomes a model that you can download, and all together an
      ensemble.
    </EmptyState>
  )
}
