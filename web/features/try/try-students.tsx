'use client'

import { Button, Select, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { countOf, formatBytes } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { FormTrouble } from '../../design/trouble.tsx'
import { useAddress } from '../../design/use-address.ts'
import type { TryRunQuery } from '../../graphql/generated/operations.ts'
import { AnswersPanel } from './answers-panel.tsx'
import { shapeOf } from './ask-network.ts'
import { BACKEND_WORDS, type Backend } from './load-tensorflow.ts'
import { PicturePanel } from './picture-panel.tsx'
import type { ModelFile } from './read-model.ts'
import { StudentsTable } from './students-table.tsx'
import { useAnswers } from './use-answers.ts'
import { type FileStage, type Subject, useModelFiles } from './use-model-files.ts'
import { useBackends, useNetworks } from './use-networks.ts'
import { usePicture } from './use-picture.ts'

type TriedRun = NonNullable<NonNullable<TryRunQuery['team']>['run']>
type TriedModel = TriedRun['models'][number]

/** Models of more than this all together are loaded when somebody asks for it. */
const LOADED_UNASKED_BYTES = 32 * 1024 * 1024

/** One picture, asked of every student and of all together. */
export function TryStudents({ run }: { run: TriedRun }) {
  const subjects = useMemo(() => run.models.map(subjectOf), [run.models])
  const byteLength = subjects.reduce((sum, { artifact }) => sum + (artifact?.byteLength ?? 0), 0)
  const [go, setGo] = useState(byteLength <= LOADED_UNASKED_BYTES)
  const { stages, again } = useModelFiles(subjects, go)
  const files = useMemo(() => settledFiles(stages), [stages])

  const [wanted, setWanted] = useAddress('backend')
  const found = useBackends()
  const backends = useMemo(() => found && wantedFirst(found, wanted), [found, wanted])
  const networks = useNetworks(files, backends)
  const choice = usePicture()
  const answers = useAnswers(networks, choice.picture?.pixels ?? null)

  const isReady = networks.stage === 'ready'
  const first = files?.find((file) => file !== null)
  const names = run.models.map(({ student }) => student.name)
  const troubles = [
    ...stages.flatMap((stage, i) => (stage.stage === 'failed' ? `${names[i]}: ${stage.message}` : [])),
    ...(isReady ? networks.complaints : []),
    ...(isReady
      ? networks.networks.flatMap((one, i) => (typeof one === 'string' ? `${names[i]}: ${one}` : []))
      : []),
    ...(networks.stage === 'failed' ? [networks.message] : []),
  ]
  return (
    <div className="flex flex-col gap-6">
      <FormTrouble messages={troubles} />
      {stages.some(({ stage }) => stage === 'failed') && (
        <Button variant="default" className="self-start" onClick={again}>
          Try again
        </Button>
      )}
      <PicturePanel choice={choice} shape={first ? shapeOf(first) : null} />
      <AnswersPanel
        subjects={subjects}
        classes={first?.classes ?? null}
        answers={answers}
        pictureName={choice.picture?.name ?? null}
      />
      <Panel
        title="Students compared"
        note={
          go
            ? tellStages(stages, isReady)
            : `${countOf(subjects.length, 'model')}, ${formatBytes(byteLength)}, not loaded yet`
        }
        actions={
          go ? (
            found && (
              <Select
                aria-label="What computes"
                w={160}
                allowDeselect={false}
                data={found.map((value) => ({ value, label: BACKEND_WORDS[value] }))}
                value={isReady ? networks.backend : (backends?.[0] ?? null)}
                onChange={setWanted}
              />
            )
          ) : (
            <Button onClick={() => setGo(true)}>Load the models</Button>
          )
        }
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
          Times are measured on this device: the median of 10 pictures after 2 that do not count, from pixels
          to percentages, one picture at a time. Pictures are scaled and cut as the import did with the
          training pictures; where a picture shrinks by a lot or is transparent, single pixels can differ from
          what an import would give.
        </Text>
      </Panel>
    </div>
  )
}

function subjectOf({ id, student, parameters, top1, artifacts }: TriedModel): Subject {
  const artifact = artifacts.find(({ format }) => format === 'TFJS')
  return { id, name: student.name, architecture: student.architecture, parameters, top1, artifact }
}

/** Null while one is still to come. */
function settledFiles(stages: FileStage[]): (ModelFile | null)[] | null {
  const isSettled = stages.every(({ stage }) => stage === 'ready' || stage === 'failed')
  return isSettled ? stages.map((stage) => (stage.stage === 'ready' ? stage.file : null)) : null
}

/** Where the wanted one does not start, another does. */
function wantedFirst(found: Backend[], wanted: string | null): Backend[] {
  const isWanted = (backend: Backend) => backend === wanted
  return [...found.filter(isWanted), ...found.filter((backend) => !isWanted(backend))]
}

function tellStages(stages: FileStage[], isReady: boolean): string {
  const ready = stages.filter((stage) => stage.stage === 'ready')
  const downloaded = ready.filter(({ kept }) => !kept).length
  if (!isReady) return `Loading: ${ready.length} of ${countOf(stages.length, 'model')} here`
  const where = downloaded === 0 ? 'kept by this browser since the last time' : 'downloaded now and kept'
  return `${countOf(ready.length, 'model')} ready, ${where}`
}
