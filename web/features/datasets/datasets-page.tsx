'use client'

import { useQuery } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDatabase } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { EmptyState } from '../../design/empty-state.tsx'
import { countOf } from '../../design/format-numbers.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import {
  CreateSampleDatasetDocument,
  DatasetsDocument,
  type SampleDataset,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { DatasetsTable } from './datasets-table.tsx'
import { UploadPanel } from './upload/upload-panel.tsx'

export function DatasetsPage() {
  const { team, base, mayChange } = useTeam()
  const { data, error, refetch, fetchMore } = useQuery(DatasetsDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const connection = data?.team?.datasets
  const datasets = connection?.edges.map(({ node }) => node) ?? []
  return (
    <>
      <PageHeader
        title="Datasets"
        note={
          connection ? countOf(connection.totalCount, 'dataset') : 'Labelled images in immutable versions.'
        }
        actions={
          mayChange &&
          datasets.length > 0 && (
            <>
              <AddSampleButton teamId={team.id} />
              <AddSampleButton teamId={team.id} sample="OMNIGLOT" label="Add the retrieval sample" />
            </>
          )
        }
      />
      {mayChange && (
        <Panel className="mb-6" title="Upload images">
          <UploadPanel teamId={team.id} />
        </Panel>
      )}
      <Panel flush>
        {!connection ? (
          <NotLoaded title="The datasets could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : datasets.length === 0 ? (
          <EmptyState
            icon={<IconDatabase size={22} />}
            title="No datasets yet"
            action={mayChange && <AddSampleButton teamId={team.id} label="Begin with the sample" />}
          >
            The sample has 6,000 small images of clothing in 10 classes and is ready in seconds.
          </EmptyState>
        ) : (
          <DatasetsTable
            datasets={datasets}
            base={base}
            onImported={() => void refetch().catch(() => undefined)}
          />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={datasets.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
    </>
  )
}

interface AddSampleProps {
  teamId: string
  sample?: SampleDataset
  label?: string
}

function AddSampleButton({
  teamId,
  sample = 'FASHION_MNIST',
  label = 'Add the sample dataset',
}: AddSampleProps) {
  const router = useRouter()
  const { base } = useTeam()
  const [createSample, busy] = useMutationWithRetry(CreateSampleDatasetDocument, {
    refetchQueries: ['Datasets'],
  })
  const add = async () => {
    const answer = await createSample({ input: { teamId, sample } })
    if (!answer) return
    const { dataset, errors } = answer.createSampleDataset
    for (const { message } of errors)
      notifications.show({ color: 'red', title: 'No sample was added', message })
    if (dataset) router.push(`${base}/datasets/${dataset.id}`)
  }
  return (
    <Button variant="default" onClick={add} loading={busy}>
      {label}
    </Button>
  )
}
