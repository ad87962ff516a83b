'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Select, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { countOf } from '../../../design/format-numbers.ts'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { Panel } from '../../../design/panel.tsx'
import { ShowMore } from '../../../design/show-more.tsx'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import { RunTestPicturesDocument, type TestPictureFilter } from '../../../graphql/generated/operations.ts'
import { useTeam } from '../../../team-scope.ts'
import { addressOfChosen } from '../../datasets/pictures/chosen-address.ts'
import { TestPictureCard } from './test-picture-card.tsx'
import { filterNamed, pictureFilters, readCell } from './test-picture-filter.ts'

/** Where the panel is on the page. */
export const TEST_IMAGES = 'test-images'

interface Props {
  runId: string
  /** Names, in cohort order. */
  students: string[]
  classes: readonly string[]
  /** Whose confusion matrix the cell in the URL is of. */
  student: string
}

/** Test images with what every student says to them; those of one cell of the confusion matrix, if one is chosen. */
export function TestPicturesPanel({ runId, students, classes, student }: Props) {
  const { base } = useTeam()
  const [wanted, setWanted] = useUrlParameter('images')
  const [cellText, setCell] = useUrlParameter('cell')
  const which = filterNamed(wanted)
  const cell = readCell(cellText, classes.length)
  const { data, previousData, error, refetch, fetchMore } = useQuery(RunTestPicturesDocument, {
    variables: {
      runId,
      which,
      class: cell?.[0],
      takenFor: cell?.[1],
      student: cell ? student : null,
    },
  })
  const node = (data ?? previousData)?.node
  const run = node?.__typename === 'Run' ? node : null
  // Runs of earlier versions did not keep what their students said.
  if (run?.testPictures.totalCount === 0 && which === 'ALL' && !cell) return null
  const found = run?.testPictures
  const pictures = found?.edges.map(({ node }) => node) ?? []
  return (
    <div id={TEST_IMAGES} className="scroll-mt-4">
      <Panel
        title="Test images"
        note={found && noteOf(found.totalCount, classes, cell, student)}
        actions={
          <>
            {cell && (
              <Button
                size="xs"
                variant="default"
                rightSection={<IconX size={13} />}
                onClick={() => setCell(null)}
              >
                Not only this cell
              </Button>
            )}
            <Select
              aria-label="Which test images"
              size="xs"
              w={230}
              allowDeselect={false}
              data={Object.entries(pictureFilters).map(([value, { label }]) => ({ value, label }))}
              value={which}
              onChange={(value) =>
                value && setWanted(value === 'ALL' ? null : pictureFilters[value as TestPictureFilter].name)
              }
            />
          </>
        }
      >
        {error && !run ? (
          <ErrorNotice title="The images could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : !run ? (
          <LoadingRows />
        ) : pictures.length === 0 ? (
          <Text size="sm" c="dimmed">
            There is no such image among those tested.
          </Text>
        ) : (
          <ol className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-4 gap-y-5 p-0">
            {pictures.map((picture) => (
              <li key={picture.index}>
                <TestPictureCard
                  picture={picture}
                  classes={classes}
                  students={students}
                  href={addressOfChosen(
                    base,
                    { datasetId: run.datasetVersion.dataset.id, number: run.datasetVersion.number },
                    { split: 'test', indices: [picture.index] },
                  )}
                  tryHref={`${base}/runs/${run.number}/try?image=${picture.index}`}
                />
              </li>
            ))}
          </ol>
        )}
        <ShowMore
          page={found?.pageInfo}
          shown={pictures.length}
          total={found?.totalCount}
          onMore={(after) => void fetchMore({ variables: { after } })}
        />
      </Panel>
    </div>
  )
}

function noteOf(
  count: number,
  classes: readonly string[],
  cell: [number, number] | null,
  student: string,
): string {
  const what = countOf(count, 'image')
  if (!cell) return `${what}, with what every student says and how sure it is`
  const [label, takenFor] = cell
  return label === takenFor
    ? `${what} of ${classes[label]} that ${student} knows`
    : `${what} of ${classes[label]} that ${student} takes for ${classes[takenFor]}`
}
