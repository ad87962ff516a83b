'use client'

import { useQuery } from '@apollo/client/react'
import { Select } from '@mantine/core'
import { NotLoaded } from '../../../design/not-loaded.tsx'
import { Panel } from '../../../design/panel.tsx'
import { ShowMore } from '../../../design/show-more.tsx'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import { RunRankingsDocument } from '../../../graphql/generated/operations.ts'
import { RankedStrip } from './ranked-strip.tsx'

const orders = [
  { value: 'WORST_FIRST', label: 'Worst first' },
  { value: 'BEST_FIRST', label: 'Best first' },
  { value: 'DATASET', label: 'As in the dataset' },
] as const

/** Every query with its ranking; student and order are kept in the URL. */
export function RankingsPanel({ runId, students }: { runId: string; students: string[] }) {
  const [requestedStudent, chooseStudent] = useUrlParameter('student')
  const [askedOrder, chooseOrder] = useUrlParameter('order')
  const student = students.find((name) => name === requestedStudent) ?? null
  const orderBy = orders.find(({ value }) => value === askedOrder)?.value ?? 'WORST_FIRST'
  const { data, error, refetch, fetchMore } = useQuery(RunRankingsDocument, {
    variables: { runId, student, orderBy },
  })
  const page = data?.node?.__typename === 'Run' ? data.node.retrievalQueries : null
  return (
    <Panel
      title="Queries"
      note="Nearest gallery images per query, excluding the same identity and camera"
      actions={
        <>
          <Select
            aria-label="Ranked by"
            size="xs"
            w={150}
            allowDeselect={false}
            data={[
              { value: '', label: 'The ensemble' },
              ...students.map((name) => ({ value: name, label: name })),
            ]}
            value={student ?? ''}
            onChange={(value) => chooseStudent(value || null)}
          />
          <Select
            aria-label="Order"
            size="xs"
            w={150}
            allowDeselect={false}
            data={[...orders]}
            value={orderBy}
            onChange={chooseOrder}
          />
        </>
      }
      flush
    >
      {!page ? (
        <NotLoaded title="The queries could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <ol className="m-0 list-none p-0">
          {page.edges.map(({ node, cursor }) => (
            <li key={cursor} className="border-t border-[var(--line)]">
              <RankedStrip query={node} />
            </li>
          ))}
        </ol>
      )}
      <ShowMore
        page={page?.pageInfo}
        shown={page?.edges.length ?? 0}
        total={page?.totalCount}
        onMore={(after) => void fetchMore({ variables: { after } })}
      />
    </Panel>
  )
}
