'use client'

import { Text } from '@mantine/core'
import { useCallback, useMemo } from 'react'
import { Panel } from '../../../design/panel.tsx'
import { HeatPanel } from '../heat/heat-panel.tsx'
import { classTargets } from '../heat/targets.ts'
import { ComputeChoice, describeStages, StudentsError } from '../networks/compute-choice.tsx'
import { shapeOf } from '../networks/run-network.ts'
import { type TriedRun, useStudents } from '../networks/use-students.ts'
import { imagesOf } from '../picture/fetch-dataset-picture.ts'
import { PicturePanel } from '../picture/picture-panel.tsx'
import { usePicture } from '../picture/use-picture.ts'
import { AnswersPanel } from './answers-panel.tsx'
import { StudentsTable } from './students-table.tsx'
import { isMeasured, useAnswers } from './use-answers.ts'

/** Classifies one image with every student and the ensemble. */
export function TryStudents({ run }: { run: TriedRun }) {
  const students = useStudents(run)
  const { subjects, stages, networks, first } = students
  const images = useMemo(() => imagesOf(run), [run])
  const choice = usePicture(images)
  const answers = useAnswers(networks, choice.picture?.pixels ?? null)
  const classes = first?.classes
  const targetsOf = useCallback(
    (index: number) => {
      const posterior = answers?.students[index]?.posterior
      return posterior && classes ? classTargets(posterior, classes) : []
    },
    [answers, classes],
  )
  const picture = choice.picture?.pixels ?? null

  const isReady = networks.stage === 'ready'
  return (
    <div className="flex flex-col gap-6">
      <StudentsError students={students} />
      <PicturePanel choice={choice} images={images} shape={first ? shapeOf(first) : null} />
      <AnswersPanel
        subjects={subjects}
        classes={first?.classes ?? null}
        answers={answers}
        pictureName={choice.picture?.name ?? null}
      />
      <HeatPanel
        question={{ subjects, networks, picture, targetsOf, isFree: answers !== null && isMeasured(answers) }}
        measure="probability"
        targetLabel="Class"
      />
      <Panel
        title="Students compared"
        note={describeStages(students)}
        actions={<ComputeChoice students={students} />}
        flush
      >
        <StudentsTable
          subjects={subjects}
          stages={stages}
          classes={first?.classes ?? null}
          answers={answers}
          backend={isReady ? networks.backend : null}
          ensembleTop1={run.ensemble?.meanPosteriorTop1 ?? null}
        />
        <Text size="xs" c="dimmed" className="px-4 py-3 sm:px-5">
          Times are measured on this device: the median of 10 images after 2 warm-up runs, from pixels to
          percentages, one image at a time. Images are scaled and cut as the import did with the training
          images; where an image shrinks by a lot or is transparent, single pixels can differ from what an
          import would give.
        </Text>
      </Panel>
    </div>
  )
}
