'use client'

import { Button, Progress, Text } from '@mantine/core'
import { useCallback, useMemo } from 'react'
import { FormErrors } from '../../../design/error-notice.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { HeatPanel } from '../heat/heat-panel.tsx'
import { ComputeChoice, describeStages, StudentsError } from '../networks/compute-choice.tsx'
import { shapeOf } from '../networks/run-network.ts'
import { type Students, type TriedRun, useStudents } from '../networks/use-students.ts'
import { imagesOf } from '../picture/fetch-dataset-picture.ts'
import { PicturePanel } from '../picture/picture-panel.tsx'
import { usePicture } from '../picture/use-picture.ts'
import { FoundTable } from './found-table.tsx'
import { imageTargets } from './image-targets.ts'
import { NearestStrip } from './nearest-strip.tsx'
import { type Gallery, type GalleryStage, useGalleryFeatures } from './use-gallery-features.ts'
import { isTimed, useNearest } from './use-nearest.ts'

/** Searches the gallery for one image with every student and with the ensemble. */
export function TryRetrieval({ run }: { run: TriedRun }) {
  const { gallery, splits } = run.datasetVersion
  const students = useStudents(run)
  const { networks, first } = students
  const { stage, again } = useGalleryFeatures(networks, gallery)
  const images = useMemo(() => imagesOf(run), [run])
  const choice = usePicture(images)
  const { nearest, problem } = useNearest(networks, stage, choice.picture?.pixels ?? null)
  const targetsOf = useCallback(
    (index: number) => {
      const found = nearest?.students[index]?.found
      const features = stage.stage === 'ready' ? stage.features[index] : null
      return found && features && networks.stage === 'ready'
        ? imageTargets(networks.tf, found, gallery, features)
        : []
    },
    [nearest, stage, networks, gallery],
  )
  const whole = splits.find(({ name }) => name === 'gallery')?.count ?? gallery.length
  const searched =
    whole > gallery.length
      ? `the first ${formatCount(gallery.length)} of ${countOf(whole, 'gallery image')}`
      : `all ${countOf(whole, 'gallery image')}`
  const failed = stage.stage === 'failed' ? [stage.message] : []
  return (
    <div className="flex flex-col gap-6">
      <StudentsError students={students} />
      <FormErrors messages={[...failed, ...(problem ? [problem] : [])]} />
      {failed.length > 0 && (
        <Button variant="default" className="self-start" onClick={again}>
          Process the gallery again
        </Button>
      )}
      <PicturePanel choice={choice} images={images} shape={first ? shapeOf(first) : null} />
      <Panel
        title="Nearest gallery images"
        note={`Among ${searched}. ${describeStages(students)}`}
        actions={<ComputeChoice students={students} />}
      >
        <GalleryProgress students={students} stage={stage} count={gallery.length} />
        <Text aria-live="polite" size="sm" c="dimmed" mb={nearest ? 'md' : 0}>
          {describeState(stage, nearest !== null, choice.picture !== null)}
        </Text>
        {nearest && <Strips students={students} nearest={nearest} gallery={gallery} />}
      </Panel>
      <HeatPanel
        question={{
          ...{ subjects: students.subjects, networks, targetsOf },
          picture: choice.picture?.pixels ?? null,
          isFree: nearest !== null && isTimed(nearest),
        }}
        measure="cosine similarity"
        targetLabel="Compared with"
      />
      <Panel title="Students compared" flush>
        <FoundTable
          subjects={students.subjects}
          stages={students.stages}
          gallery={gallery}
          nearest={nearest}
          backend={networks.stage === 'ready' ? networks.backend : null}
          ensembleMeanAveragePrecision={run.ensemble?.meanAveragePrecision ?? null}
        />
        <Text size="xs" c="dimmed" className="px-4 py-3 sm:px-5">
          Times are measured on this device: the median of 10 searches after 2 warm-up runs, from pixels to
          the nearest of {countOf(gallery.length, 'image')}, whose features are known by then.
        </Text>
      </Panel>
    </div>
  )
}

function GalleryProgress(props: { students: Students; stage: GalleryStage; count: number }) {
  const { students, stage, count } = props
  if (stage.stage !== 'working' || students.networks.stage !== 'ready') return null
  return (
    <div className="mb-3">
      <Progress value={(100 * stage.done) / Math.max(1, count)} aria-label="Gallery images seen" />
      <Text size="xs" c="dimmed" mt={4} className="numbers">
        The students have processed {formatCount(stage.done)} of {countOf(count, 'gallery image')}.
      </Text>
    </div>
  )
}

function Strips(props: {
  students: Students
  nearest: NonNullable<ReturnType<typeof useNearest>['nearest']>
  gallery: Gallery
}) {
  const { students, nearest, gallery } = props
  return (
    <div className="flex flex-col gap-5">
      {nearest.together && (
        <NearestStrip
          name="All together"
          note="by their concatenated features"
          found={nearest.together.found}
          gallery={gallery}
        />
      )}
      {students.subjects.map(({ id, name, architecture }, k) => {
        const found = nearest.students[k]?.found
        return (
          found && <NearestStrip key={id} name={name} note={architecture} found={found} gallery={gallery} />
        )
      })}
    </div>
  )
}

function describeState(stage: GalleryStage, isFound: boolean, hasPicture: boolean): string {
  if (isFound) return 'Nearest first; under the camera the distance of unit features, 0 to 2.'
  if (stage.stage === 'failed') return 'The gallery could not be processed.'
  if (stage.stage === 'working') return 'You can search as soon as the gallery has been processed.'
  return hasPicture ? 'Searching.' : 'The gallery is ready: choose an image to search for.'
}
