import { countStages, type Teaching } from '../../../contract/cohort.ts'
import type { Database, Run, Student } from '../../../prisma/client.ts'
import { findReceipt } from '../runs/read-receipt.ts'
import { readSeries, type Series } from '../runs/read-series.ts'
import { readStudentNumbers } from '../runs/read-student-numbers.ts'
import { progressOf, type RunProgress } from '../runs/run-progress.ts'
import { type SharedDataset, sharedDatasetOf, WITH_DATASET } from './shared-dataset.ts'

const MAX_POINTS = 500
/** What the shared page draws. */
const METRICS = ['loss', 'mutualLoss', 'testTop1', 'testMap']

/** Source of the schema's SharedRun. */
export interface SharedRun {
  title: string
  run: Run
  progress: RunProgress
  dataset: SharedDataset
  cohort: SharedCohort
  metrics: Series[]
  hasReceipt: boolean
}

/** Source of the schema's SharedCohort. */
export interface SharedCohort {
  name: string
  teaching: Teaching
  students: { name: string; architecture: string; lastScore: number | null; bestScore: number | null }[]
}

export async function readSharedRun(database: Database, run: Run): Promise<SharedRun> {
  const [cohort, version, metrics, numbers, receipt] = await Promise.all([
    database.cohort.findUniqueOrThrow({
      where: { id: run.cohortId },
      include: { students: { orderBy: { position: 'asc' } } },
    }),
    database.datasetVersion.findUniqueOrThrow({
      where: { id: run.datasetVersionId },
      include: WITH_DATASET,
    }),
    readSeries(database, run.id, {
      names: METRICS,
      students: null,
      from: null,
      to: null,
      maxPoints: MAX_POINTS,
    }),
    readStudentNumbers(database, [run.id]),
    findReceipt(database, run),
  ])
  const dataset = sharedDatasetOf(version)
  const scores = (position: number) => {
    const own = numbers.get(run.id)?.get(position)
    if (dataset.kind === 'RETRIEVAL')
      return { lastScore: own?.lastTestMap ?? null, bestScore: own?.bestTestMap ?? null }
    return { lastScore: own?.lastTestTop1 ?? null, bestScore: own?.bestTestTop1 ?? null }
  }
  return {
    title: run.name ?? cohort.name,
    run,
    progress: progressOf(run, countStages(cohort, cohort.students[0]?.finishedModelId != null)),
    dataset,
    cohort: {
      name: cohort.name,
      teaching: cohort,
      students: cohort.students.map((student: Student) => ({
        name: student.name,
        architecture: student.architecture,
        ...scores(student.position),
      })),
    },
    metrics,
    hasReceipt: receipt !== null,
  }
}
