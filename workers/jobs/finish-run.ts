import type { RetrievalScore, RunEvaluation } from '../../contract/evaluation.ts'
import { newId } from '../../contract/ids.ts'
import type { TrainingEvent } from '../../contract/training.ts'
import type { Database, Student, Transaction } from '../../prisma/client.ts'
import { type Lease, writeUnderLease } from '../../runs/lease.ts'
import { succeed } from '../../runs/transitions/index.ts'
import type { Blob, BlobStorage } from '../../storage/blob-storage.ts'
import { RunFailure } from './run-failure.ts'

type ExportedFile = Extract<TrainingEvent, { type: 'artifact' }>

/** What a finished training process produced. */
export interface TrainingResults {
  evaluation: RunEvaluation | undefined
  /** For RETRIEVAL runs: a file in the format of contract/retrieval-queries.ts. */
  queriesPath?: string
  /** For CLASSIFICATION runs: a file in the format of contract/label-suspects.ts. */
  suspectsPath?: string
  /** Likewise, of contract/runs/test-answers.ts. */
  answersPath?: string
  files: ExportedFile[]
}

interface StoredFile extends Blob {
  format: ExportedFile['format']
  fileName: string
  /** Position of the student; null for the ensemble. */
  student: number | null
}

/** A student with its scores and exported files. */
interface TrainedStudent {
  student: Student
  score: RunEvaluation['students'][number]
  files: StoredFile[]
}

interface FinishedRun {
  id: string
  teamId: string
  /** In cohort order. */
  students: Student[]
}

/**
 * Stores a finished run's files and makes it SUCCEEDED. Evaluation, models, ensemble, files and status are
 * written in one transaction.
 * @throws RunFailure if results are missing
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
  const put = async (path: string | undefined) => (path === undefined ? null : await storage.putFile(path))
  const queries = await put(results.queriesPath)
  const suspects = await put(results.suspectsPath)
  const answers = await put(results.answersPath)
  const { models, ensembleFiles } = gatherResults(run, evaluation, files)
  await writeUnderLease(database, lease, async (tx, held) => {
    for (const model of models) await createModel(tx, run, model)
    if (ensembleFiles.length > 0) await createEnsemble(tx, run, evaluation, ensembleFiles)
    await succeed(tx, held, {
      evaluation,
      retrievalQueriesSha256: queries?.sha256 ?? null,
      labelSuspectsSha256: suspects?.sha256 ?? null,
      testAnswersSha256: answers?.sha256 ?? null,
    })
  })
}

async function storeFiles(storage: BlobStorage, files: readonly ExportedFile[]): Promise<StoredFile[]> {
  const stored: StoredFile[] = []
  for (const { path, fileName, format, student } of files)
    stored.push({ ...(await storage.putFile(path)), fileName, format, student })
  return stored
}

/** @throws RunFailure if a student's score or files, or the ensemble's files, are missing */
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
      throw new RunFailure('ENGINE_ERROR', `The training exported no file for the student “${student.name}”.`)
    return score ? { student, score, files: own } : null
  })
  const scored = models.filter((model) => model !== null)
  if (scored.length < students.length || scores.length > students.length)
    throw new RunFailure('ENGINE_ERROR', 'The evaluation and the cohort have different numbers of students.')
  const ensembleFiles = filesOf(null)
  // A single student is its own ensemble, so there is no ensemble file.
  if (students.length > 1 && ensembleFiles.length === 0)
    throw new RunFailure('ENGINE_ERROR', 'The training exported no file for the ensemble.')
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
      ...('cmc' in score ? retrievalScoresOf(score) : { top1: score.top1, loss: score.loss }),
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
      ? retrievalScoresOf(ensemble)
      : {
          meanPosteriorTop1: ensemble.meanPosteriorTop1,
          concatenatedFeaturesTop1: ensemble.concatenatedFeaturesTop1,
        }
  await tx.ensemble.create({ data: { id: ensembleId, teamId, runId, ...scores } })
  await tx.artifact.createMany({ data: files.map((file) => ({ ...artifactOf(file, teamId), ensembleId })) })
}

function retrievalScoresOf({ meanAveragePrecision, cmc }: RetrievalScore) {
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
