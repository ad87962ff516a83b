'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconPlayerPlay } from '@tabler/icons-react'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { formatInstant } from '../../design/format-time.ts'
import { LinkButton } from '../../design/link-button.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import { DatasetPageDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { TradeOffPanel } from '../trade-offs/trade-off-panel.tsx'
import { DeleteDatasetButton } from './delete-dataset-button.tsx'
import { useVersionLive } from './version/use-version-live.ts'
import { VersionPanel } from './version/version-panel.tsx'
import { isImporting, VersionStatusMark } from './version/version-status.tsx'
import { VersionsPanel } from './version/versions-panel.tsx'

export function DatasetPage({ datasetId }: { datasetId: string }) {
  const { base, mayChange } = useTeam()
  const { data, error, refetch } = useQuery(DatasetPageDocument, {
    variables: { id: datasetId },
    fetchPolicy: 'cache-and-network',
  })
  const [chosenNumber, chooseNumber] = useUrlParameter('version')
  const [, chooseChosen] = useUrlParameter('chosen')
  const dataset = data?.node?.__typename === 'Dataset' ? data.node : null
  const versions = dataset?.versions ?? []
  const version = versions.find(({ number }) => String(number) === chosenNumber) ?? versions[0]
  useVersionLive(versions.find(isImporting)?.id ?? null, () => void refetch())
  useDocumentTitle(dataset ? `${dataset.name} · Studyhall` : 'Dataset · Studyhall')

  const choose = (number: number | null) => {
    chooseNumber(number === null ? null : String(number))
    chooseChosen(null)
  }

  if (error && !data)
    return (
      <ErrorNotice title="The dataset could not be loaded" error={error} onRetry={() => void refetch()} />
    )
  if (data && !dataset) return <MissingPage what="dataset" href={`${base}/datasets`} />
  if (!dataset || !version) return <Skeleton height={320} />
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/datasets`}>Datasets</BackLink>}
        title={
          <>
            {dataset.name} <VersionStatusMark status={version.status} />
          </>
        }
        note={`Version ${version.number}, added ${formatInstant(version.createdAt)}`}
        actions={
          <>
            {mayChange && <DeleteDatasetButton dataset={dataset} />}
            {mayChange && version.status === 'READY' && (
              <LinkButton
                href={`${base}/runs/new?dataset=${version.id}`}
                leftSection={<IconPlayerPlay size={16} />}
              >
                Start a run
              </LinkButton>
            )}
          </>
        }
      />
      <VersionPanel key={version.id} version={version} onEdited={() => choose(null)} />
      <div className="mt-6">
        <VersionsPanel datasetId={dataset.id} versions={versions} chosenId={version.id} onChoose={choose} />
      </div>
      <div className="mt-6">
        <TradeOffPanel datasetId={dataset.id} />
      </div>
    </>
  )
}
