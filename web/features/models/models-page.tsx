'use client'

import { useQuery } from '@apollo/client/react'
import { Table, Text } from '@mantine/core'
import { IconBox } from '@tabler/icons-react'
import { EmptyPlace } from '../../design/empty-place.tsx'
import { countOf, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { ShowMore } from '../../design/show-more.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import { Trouble } from '../../design/trouble.tsx'
import { ModelsDocument, type ModelsQuery } from '../../graphql/generated/operations.ts'
import { useTeam } from '../team/team-context.ts'
import { DownloadButton } from './download-button.tsx'
import { HashValue } from './hash-value.tsx'

export function ModelsPage() {
  const { team, base } = useTeam()
  const { data, error, refetch, fetchMore } = useQuery(ModelsDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const connection = data?.team?.models
  const models = connection?.edges.map(({ node }) => node) ?? []
  return (
    <>
      <PageHeader
        title="Models"
        note={
          connection
            ? `${countOf(connection.totalCount, 'trained student')}; a run’s page also has its ensemble.`
            : 'Trained students of finished runs.'
        }
      />
      <Panel flush>
        {error && !connection ? (
          <div className="p-4">
            <Trouble title="The models did not load" error={error} onRetry={() => void refetch()} />
          </div>
        ) : !connection ? (
          <LoadingRows />
        ) : models.length === 0 ? (
          <EmptyPlace
            icon={<IconBox size={22} />}
            title="No models yet"
            action={<LinkButton href={`${base}/runs`}>See the runs</LinkButton>}
          >
            Every student of a run that succeeds becomes a model that you can download.
          </EmptyPlace>
        ) : (
          <ModelsTable models={models} base={base} />
        )}
        <ShowMore
          page={connection?.pageInfo}
          shown={models.length}
          total={connection?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
    </>
  )
}

type Models = NonNullable<ModelsQuery['team']>['models']['edges'][number]['node'][]

function ModelsTable({ models, base }: { models: Models; base: string }) {
  return (
    <TableFrame label="Models" minWidth={860} horizontalSpacing="md" className="whitespace-nowrap">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>Run</Table.Th>
          <Table.Th>Dataset</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">Accuracy</Table.Th>
          <Table.Th>SHA-256</Table.Th>
          <Table.Th>Download</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {models.map(({ id, student, run, parameters, top1, artifacts }) => (
          <Table.Tr key={id}>
            <Table.Td fw={500}>
              {student.name}
              <Text size="xs" c="dimmed">
                {student.architecture}
              </Text>
            </Table.Td>
            <Table.Td>
              <TextLink href={`${base}/runs/${run.number}`} size="sm">
                Run {run.number}
              </TextLink>
              <Text size="xs" c="dimmed">
                {run.cohort.name}
              </Text>
            </Table.Td>
            <Table.Td>{run.datasetVersion.dataset.name}</Table.Td>
            <Table.Td ta="right">{formatParameters(parameters)}</Table.Td>
            <Table.Td ta="right">{formatShare(top1)}</Table.Td>
            <Table.Td>
              {artifacts[0] && <HashValue sha256={artifacts[0].sha256} of={student.name} />}
            </Table.Td>
            <Table.Td>
              <DownloadButton id={id} of={`${student.name} of run ${run.number}`} artifact={artifacts[0]} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}
