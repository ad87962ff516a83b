'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { EmptyState } from '../../../design/empty-state.tsx'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { LinkButton } from '../../../design/link-button.tsx'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { Panel } from '../../../design/panel.tsx'
import { RunSuspectsDocument, type RunSuspectsQuery } from '../../../graphql/generated/operations.ts'
import { useTeam } from '../../../team-scope.ts'
import { addressOfChosen } from '../../datasets/pictures/chosen-address.ts'
import { SuspectCard } from './suspect-card.tsx'

const SHOWN_AT_FIRST = 24

type Run = Extract<RunSuspectsQuery['node'], { __typename: 'Run' }>

/** Training images that every student gets wrong: hard ones, and possibly mislabelled ones. */
export function SuspectsPanel({ runId, students }: { runId: string; students: string[] }) {
  const { data, error, refetch } = useQuery(RunSuspectsDocument, { variables: { runId } })
  const run = data?.node?.__typename === 'Run' ? data.node : null
  // Runs of earlier versions did not look for suspects.
  if (run && !run.labelSuspects) return null
  const suspects = run?.labelSuspects
  return (
    <Panel
      title="Possibly mislabelled"
      note={
        suspects &&
        `${formatCount(suspects.wrongCount)} of ${countOf(suspects.examinedCount, 'training image')} are predicted as another class by every student`
      }
    >
      {run && suspects ? (
        <Suspects run={run} suspects={suspects} students={students} />
      ) : error ? (
        <ErrorNotice title="The images could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <LoadingRows />
      )}
    </Panel>
  )
}

interface SuspectsProps {
  run: Run
  suspects: NonNullable<Run['labelSuspects']>
  students: string[]
}

function Suspects({ run, suspects, students }: SuspectsProps) {
  const { base, mayChange } = useTeam()
  const [all, setAll] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const { classes, number, dataset } = run.datasetVersion
  const { pictures, wrongCount } = suspects
  if (pictures.length === 0)
    return (
      <EmptyState icon={<IconCircleCheck size={22} />} title="No suspicious labels">
        Every training image is predicted as its label by at least one student.
      </EmptyState>
    )
  const shown = all ? pictures : pictures.slice(0, SHOWN_AT_FIRST)
  const indices = chosen.size > 0 ? [...chosen] : shown.map(({ index }) => index)
  const choose = (index: number, isChosen: boolean) => {
    const after = new Set(chosen)
    if (isChosen) after.add(index)
    else after.delete(index)
    setChosen(after)
  }
  return (
    <>
      <Text size="sm" mb="md">
        {pictures.length < wrongCount && `The ${pictures.length} with the largest loss are kept. `}An image
        with a large loss for every student is either hard or mislabelled. If it is mislabelled, drop or move
        it in a new version and train on that.
      </Text>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <LinkButton
          variant="default"
          size="xs"
          href={addressOfChosen(base, { datasetId: dataset.id, number }, { split: 'train', indices })}
        >
          {mayChange
            ? `Edit ${dataset.name} with ${chosen.size > 0 ? countOf(chosen.size, 'chosen image') : `these ${shown.length}`}`
            : `See ${dataset.name}, version ${number}`}
        </LinkButton>
        {chosen.size > 0 && (
          <Button variant="subtle" size="xs" onClick={() => setChosen(new Set())}>
            Clear selection
          </Button>
        )}
      </div>
      <ol className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-x-4 gap-y-5 p-0">
        {shown.map((picture) => (
          <li key={picture.index}>
            <SuspectCard
              picture={picture}
              classes={classes}
              students={students}
              isChosen={mayChange ? chosen.has(picture.index) : null}
              onChoose={(isChosen) => choose(picture.index, isChosen)}
            />
          </li>
        ))}
      </ol>
      {!all && pictures.length > SHOWN_AT_FIRST && (
        <Button variant="default" size="xs" mt="md" onClick={() => setAll(true)}>
          Show all {pictures.length}
        </Button>
      )}
    </>
  )
}
