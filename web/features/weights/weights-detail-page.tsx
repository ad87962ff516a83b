'use client'

import { useQuery } from '@apollo/client/react'
import { Alert, Loader, Skeleton, Text } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { Facts } from '../../design/facts.tsx'
import { formatBytes, formatCount } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { WeightsDetailDocument, type WeightsDetailQuery } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { useTeam } from '../../team-scope.ts'
import { DeleteWeightsButton } from './delete-weights-button.tsx'
import { FitsTable } from './fits-table.tsx'
import { describeNormalization, kindWords } from './weights-words.ts'

const POLL_MS = 1_000
type Weights = Extract<NonNullable<WeightsDetailQuery['node']>, { __typename: 'GivenWeights' }>

export function WeightsDetailPage({ weightsId }: { weightsId: string }) {
  const { base, mayChange } = useTeam()
  const query = useQuery(WeightsDetailDocument, {
    variables: { id: weightsId },
    fetchPolicy: 'cache-and-network',
  })
  const { data, error, refetch } = query
  const weights = data?.node?.__typename === 'GivenWeights' ? data.node : null
  usePollWhile(query, weights?.status === 'PENDING', POLL_MS)
  useDocumentTitle(weights ? `${weights.name} · Studyhall` : 'Weights · Studyhall')
  if (error && !data)
    return (
      <ErrorNotice title="The weights could not be loaded" error={error} onRetry={() => void refetch()} />
    )
  if (data && !weights) return <MissingPage what="file of weights" href={`${base}/weights`} />
  if (!weights) return <Skeleton height={320} />
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/weights`}>Weights</BackLink>}
        title={weights.name}
        note={`${weights.fileName}, uploaded by ${weights.createdBy.name}, ${formatInstant(weights.createdAt)}`}
        actions={
          mayChange && (
            <>
              {weights.status === 'READY' && <LinkButton href={`${base}/cohorts/new`}>New cohort</LinkButton>}
              <DeleteWeightsButton weights={weights} />
            </>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <Outcome weights={weights} />
        <AboutPanel weights={weights} base={base} />
      </div>
    </>
  )
}

function Outcome({ weights: { status, refusal, fits } }: { weights: Weights }) {
  if (status === 'PENDING')
    return (
      <div className="flex items-center gap-2" role="status">
        <Loader size="xs" />
        <Text size="sm">A worker reads the file…</Text>
      </div>
    )
  if (status === 'REFUSED')
    return (
      <Alert color="red" variant="light" title="No student can begin with it" role="alert">
        <Text size="sm" className="break-words">
          {refusal}
        </Text>
      </Alert>
    )
  return (
    <Panel
      title="What it fits"
      note="All but the classifier, best first. The rest is drawn by the seed."
      flush
    >
      <FitsTable fits={fits} />
    </Panel>
  )
}

function AboutPanel({ weights, base }: { weights: Weights; base: string }) {
  const { fileKind, tensorCount, classes, classCount, fits, cohorts } = weights
  const [best] = fits
  const more = (classCount ?? 0) - classes.length
  const classifier =
    classes.length > 0
      ? `Kept where a run’s classes are the same ${formatCount(classCount ?? 0)}: ${classes.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`
      : 'New in every run: the file does not tell its classes'
  return (
    <Panel title="About it">
      <div className="flex flex-col gap-4">
        <Facts
          columns="sm:grid-cols-2"
          facts={[
            ['Licence', weights.licence ?? 'not stated'],
            ['Source', weights.origin ?? 'not stated'],
            ['Size', formatBytes(Number(weights.byteLength))],
            ...(fileKind ? ([['Read as', `${kindWords[fileKind]}, ${tensorCount} tensors`]] as const) : []),
            [
              'SHA-256',
              <span key="sha" className="break-all">
                {weights.sha256}
              </span>,
            ],
            ...(best
              ? ([
                  ['Names', best.naming],
                  ['Images are normalised', describeNormalization(best)],
                  ['Classifier', classifier],
                ] as const)
              : []),
          ]}
        />
        {best?.notes.map((note) => (
          <Text size="sm" key={note}>
            {note}
          </Text>
        ))}
        {cohorts.length > 0 && (
          <Text size="sm">
            Cohorts that begin with it:{' '}
            {cohorts.map(({ id, name }, i) => (
              <span key={id}>
                {i > 0 && ', '}
                <TextLink href={`${base}/cohorts/${id}`} underline="always">
                  {name}
                </TextLink>
              </span>
            ))}
          </Text>
        )}
      </div>
    </Panel>
  )
}
