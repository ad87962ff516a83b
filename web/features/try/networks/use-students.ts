'use client'

import { useMemo, useState } from 'react'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import type { TryRunQuery } from '../../../graphql/generated/operations.ts'
import type { Backend } from './load-tensorflow.ts'
import type { ModelFile } from './read-model.ts'
import { type FileStage, type Subject, useModelFiles } from './use-model-files.ts'
import { useBackends, useNetworks } from './use-networks.ts'

export type TriedRun = NonNullable<NonNullable<TryRunQuery['team']>['run']>

/** Models larger than this in total are loaded only on request. */
const MAX_AUTOMATIC_BYTES = 32 * 1024 * 1024

export type Students = ReturnType<typeof useStudents>

/** A run's students: downloads their models, then builds them on the backend chosen in the URL. */
export function useStudents({ models }: TriedRun) {
  const subjects = useMemo(() => models.map(subjectOf), [models])
  const byteLength = subjects.reduce((sum, { artifact }) => sum + (artifact?.byteLength ?? 0), 0)
  const [go, setGo] = useState(byteLength <= MAX_AUTOMATIC_BYTES)
  const { stages, again } = useModelFiles(subjects, go)
  const files = useMemo(() => settledFiles(stages), [stages])

  const [wanted, setWanted] = useUrlParameter('backend')
  const found = useBackends()
  const backends = useMemo(() => found && wantedFirst(found, wanted), [found, wanted])
  const networks = useNetworks(files, backends)
  const first = files?.find((file) => file !== null)
  const load = () => setGo(true)
  return { subjects, byteLength, go, load, stages, again, backends, found, setWanted, networks, first }
}

function subjectOf({ student, artifacts, ...model }: TriedRun['models'][number]): Subject {
  const artifact = artifacts.find(({ format }) => format === 'TFJS')
  const { id, parameters, top1, meanAveragePrecision } = model
  const { name, architecture } = student
  return { id, name, architecture, parameters, top1, meanAveragePrecision, artifact }
}

/** Null while a file is still loading. */
function settledFiles(stages: FileStage[]): (ModelFile | null)[] | null {
  const isSettled = stages.every(({ stage }) => stage === 'ready' || stage === 'failed')
  return isSettled ? stages.map((stage) => (stage.stage === 'ready' ? stage.file : null)) : null
}

/** Puts the chosen backend first and keeps the others as fallbacks. */
function wantedFirst(found: Backend[], wanted: string | null): Backend[] {
  const isWanted = (backend: Backend) => backend === wanted
  return [...found.filter(isWanted), ...found.filter((backend) => !isWanted(backend))]
}
