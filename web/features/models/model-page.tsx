'use client'

import { useQuery } from '@apollo/client/react'
import { Anchor, Skeleton } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconPhoto } from '@tabler/icons-react'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { Facts } from '../../design/facts.tsx'
import { formatMetric, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { TrainedPageDocument, type TrainedRowFragment } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { useTeam } from '../../team-scope.ts'
import { ShareButton } from '../sharing/share-button.tsx'
import { AliasMarks } from './alias-marks.tsx'
import { AliasesPanel } from './aliases-panel.tsx'
import { CurlPanel } from './curl-panel.tsx'
import { FilesPanel } from './files-panel.tsx'
import { ModelCard } from './model-card.tsx'
import { ModelTeachingPanel } from './model-teaching-panel.tsx'
import { nameOf, noteOf } from './trained-words.ts'
import { VersionsPanel } from './versions-panel.tsx'

/** An export takes seconds and publishes no events, so the page polls while one is in progress. */
const POLL_MS = 700

/** One model or ensemble: scores, files in every format, and model card. */
export function ModelPage({ id }: { id: string }) {
  const { team, base, mayChange } = useTeam()
  const query = useQuery(TrainedPageDocument, { variables: { id }, fetchPolicy: 'cache-and-network' })
  const { data, error, refetch } = query
  const node = data?.node
  const trained = node?.__typename === 'Model' || node?.__typename === 'Ensemble' ? node : null
  usePollWhile(
    query,
    trained?.exports.some(({ status }) => status === 'QUEUED' || status === 'RUNNING') ?? false,
    POLL_MS,
  )
  useDocumentTitle(trained ? `${nameOf(trained)} · Studyhall` : 'Model · Studyhall')
  if (error && !data)
    return <ErrorNotice title="The model could not be loaded" error={error} onRetry={() => void refetch()} />
  if (data && !trained) return <MissingPage what="model" href={`${base}/models`} />
  if (!trained) return <Skeleton height={320} />
  const { run } = trained
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/models`}>Models</BackLink>}
        title={
          <>
            {nameOf(trained)} <AliasMarks aliases={trained.aliases} />
          </>
        }
        actions={
          <>
            <LinkButton
              href={`${base}/runs/${run.number}/try`}
              variant="default"
              leftSection={<IconPhoto size={16} />}
            >
              Try it
            </LinkButton>
            {mayChange && (
              <ShareButton
                slug={team.slug}
                subject={{ id: trained.id, name: `the model ${nameOf(trained)}`, hasFiles: true }}
              />
            )}
          </>
        }
        note={`${noteOf(trained)}, of run ${run.number} on ${run.datasetVersion.dataset.name}, stored ${formatInstant(trained.createdAt)}`}
      />
      <div className="flex flex-col gap-6">
        <Panel title="Model">
          <Facts
            columns="sm:grid-cols-3 lg:grid-cols-6"
            facts={[
              ...scoreFacts(trained),
              ['Parameters', formatParameters(trained.parameters)],
              [
                'Run',
                <TextLink
                  key="run"
                  href={`${base}/runs/${run.number}`}
                  size="sm"
                >{`Run ${run.number}`}</TextLink>,
              ],
              [
                'Dataset',
                <TextLink
                  key="dataset"
                  href={`${base}/datasets/${run.datasetVersion.dataset.id}`}
                  size="sm"
                >{`${run.datasetVersion.dataset.name}, version ${run.datasetVersion.number}`}</TextLink>,
              ],
              [
                'Receipt',
                run.receiptUrl ? (
                  <Anchor key="receipt" href={run.receiptUrl} download size="sm">
                    Signed hashes, as JSON
                  </Anchor>
                ) : (
                  '–'
                ),
              ],
            ]}
          />
        </Panel>
        <ModelTeachingPanel trained={trained} />
        <FilesPanel trained={trained} exports={trained.exports} />
        <div className="grid gap-6 lg:grid-cols-2">
          <AliasesPanel trained={trained} />
          <CurlPanel trained={trained} />
        </div>
        <VersionsPanel trained={trained} />
        {trained.card && <ModelCard card={trained.card} />}
      </div>
    </>
  )
}

function scoreFacts(trained: TrainedRowFragment): [string, string][] {
  if (trained.meanAveragePrecision !== null)
    return [
      ['Mean average precision', formatShare(trained.meanAveragePrecision)],
      ['Rank-1 accuracy', formatShare(trained.rank1)],
    ]
  return trained.__typename === 'Model'
    ? [
        ['Test accuracy', formatShare(trained.top1)],
        ['Test loss', formatMetric(trained.loss)],
      ]
    : [
        ['Mean posterior', formatShare(trained.meanPosteriorTop1)],
        ['Concatenated features', formatShare(trained.concatenatedFeaturesTop1)],
      ]
}
