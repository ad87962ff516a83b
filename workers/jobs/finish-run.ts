import type { RetrievalScore, RunEvaluation } from '../../contract/evaluation.ts'
import { newId } from '../../contract/ids.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import type { Database, Student, Transaction } from '../../prisma/client.ts'
import { type Lease, writeUnderLease } from '../../runs/lease.ts'
import { succeed } from '../../runs/transitions/index.ts'
import type { Blob, BlobStorage } from '../../storage/blob-storage.ts'
import { RunFailure } from './run-failure.ts'

type ExportedFile = Extract<TrainingEvent, { type: 'artifact' }>

/** What a training process has left behind when it finished. */
export interface TrainingResults {
  evaluation: RunEvaluation | undefined
  /** Of a run on identities: contract/retrieval-queries.ts. */
  queriesPath?: string
  /** Of a run on classes: contract/label-suspects.ts. */
  suspectsPath?: string
  files: ExportedFile[]
}

interface StoredFile extends Blob {
  format: ExportedFile['format']
  fileName: string
  /** Position of the student; null for the ensemble. */
  student: number | null
}

/** A student with what it scored and left. */
interface TrainedStudent {
  student: Student
  score: RunEvaluation['students'][number]
  files: StoredFile[]
}

interface FinishedRun {
  id: string
  teamId: string
  /** In the order of the cohort. */
  students: Student[]
}

/**
 * Stores a finished run's files and makes it SUCCEEDED: evaluation, models, ensemble, files and status appear together or
 * not at all.
 * @throws RunFailure where the results are not whole
 */
export async function finishRun(
  database: Database,
  storage: BlobStorage,
  lease: Lease,
  run: FinishedRun,
  results: TrainingResults,
): Promise<void> {
  const { evaluation } = results
  if (!evaluation) throw new RunFailure('ENGINE_ERROR', 'The training ended without an evaluation.')
  const files = await storeFiles(storage, results.files)
  const queries = results.queriesPath === undefined ? null : await storage.putFile(results.queriesPath)
  const suspects = results.suspectsPath === undefined ? null : await storage.putFile(results.suspectsPath)
  const { models, ensembleFiles } = gatherResults(run, evaluation, files)
  await writeUnderLease(database, lease, async (tx, held) => {
    for (const model of models) await createModel(tx, run, model)
    if (ensembleFiles.length > 0) await createEnsemble(tx, run, evaluation, ensembleFiles)
    await succeed(tx, held, {
      evaluation,
      retrievalQueriesSha256: queries?.sha256 ?? null,
      labelSuspectsSha256: suspects?.sha256 ?? null,
    })
  })
}

async function storeFiles(storage: BlobStorage, files: readonly ExportedFile[]): Promise<StoredFile[]> {
  const stored: StoredFile[] = []
  for (const { path, fileName, format, student } of files)
    stored.push({ ...(await storage.putFile(path)), fileName, format, student })
  return stored
}

/** @throws RunFailure where a student lacks its score or its files, or the ensemble its files */
function gatherResults(
  { students }: FinishedRun,
  { students: scores }: RunEvaluation,
  files: readonly StoredFile[],
): { models: TrainedStudent[]; ensembleFiles: StoredFile[] } {
  const filesOf = (position: number | null) => files.filter(({ student }) => student === position)
  const models = students.map((student, position) => {
    const score = scores[position]
    const own = filesOf(position)
    if (own.length === 0)
      throw new RunFailure('ENGINE_ERROR', `The training left no file of the student “${student.name}”.`)
    return score ? { student, score, files: own } : null
  })
  const scored = models.filter((model) => model !== null)
  if (scored.length < students.length || scores.length > students.length)
    throw new RunFailure(
      'ENGINE_ERROR',
      'The evaluation is of another number of students than the cohort has.',
    )
  const ensembleFiles = filesOf(null)
  // A student alone is its own ensemble, and leaves no file of one.
  if (students.length > 1 && ensembleFiles.length === 0)
    throw new RunFailure('ENGINE_ERROR', 'The training left no file of the ensemble.')
  return { models: scored, ensembleFiles }
}

async function createModel(
  tx: Transaction,
  { id: runId, teamId }: FinishedRun,
  { student, score, files }: TrainedStudent,
): Promise<void> {
  const modelId = newId('Model')
  await tx.model.create({
    data: {
      id: modelId,
      ...{ teamId, runId, studentId: student.id, parameters: score.parameters },
      ...('cmc' in score ? foundOf(score) : { top1: score.top1, loss: score.loss }),
    },
  })
  await tx.artifact.createMany({ data: files.map((file) => ({ ...artifactOf(file, teamId), modelId })) })
}

async function createEnsemble(
  tx: Transaction,
  { id: runId, teamId }: FinishedRun,
  { ensemble }: RunEvaluation,
  files: readonly StoredFile[],
): Promise<void> {
  const ensembleId = newId('Ensemble')
  const scores =
    'cmc' in ensemble
      ? foundOf(ensemble)
      : {
          meanPosteriorTop1: ensemble.meanPosteriorTop1,
          concatenatedFeaturesTop1: ensemble.concatenatedFeaturesTop1,
        }
  await tx.ensemble.create({ data: { id: ensembleId, teamId, runId, ...scores } })
  await tx.artifact.createMany({ data: files.map((file) => ({ ...artifactOf(file, teamId), ensembleId })) })
}

function foundOf({ meanAveragePrecision, cmc }: RetrievalScore) {
  return { meanAveragePrecision, rank1: cmc[0] ?? null }
}

function artifactOf({ format, fileName, byteLength, sha256 }: StoredFile, teamId: string) {
  return {
    id: newId('Artifact'),
    teamId,
    format,
    fileName,
    byteLength: BigInt(byteLength),
    sha256,
  }
}
