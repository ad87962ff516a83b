import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { MAX_WEIGHT_BYTES, WEIGHTS_FILE } from '../../../contract/exports.ts'
import type { Database } from '../../../prisma/client.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { readZipEntry } from '../../../storage/read-zip-entry.ts'
import { AppError, notFound } from '../../errors.ts'

export interface FinishedStudent {
  finishedModelId: string
  /** SHA-256 of the weights, stored as a separate blob. */
  weightsSha256: string
}

interface WantedStudent {
  architecture: string
  finishedModelId?: string | null
  startModelId?: string | null
}

type Field = 'finishedModelId' | 'startModelId'

/**
 * Resolves the finished models that the cohort's students are, by position.
 * @throws AppError if a model belongs to another team, has another architecture, or its weights are gone
 */
export async function findFinishedStudents(
  database: Database,
  storage: BlobStorage,
  teamId: string,
  students: readonly WantedStudent[],
): Promise<Map<number, FinishedStudent>> {
  const found = new Map<number, FinishedStudent>()
  for (const position of students.keys()) {
    const taken = await takeWeights(database, storage, teamId, students, position, 'finishedModelId')
    if (taken) found.set(position, { finishedModelId: taken.model.id, weightsSha256: taken.sha256 })
  }
  return found
}

/**
 * A finished model that a student names, with the hash of its weights, which are stored as a blob of their own.
 * @throws AppError as above
 */
export async function takeWeights(
  database: Database,
  storage: BlobStorage,
  teamId: string,
  students: readonly WantedStudent[],
  position: number,
  field: Field,
) {
  const student = students[position]
  const id = student?.[field]
  if (!student || id == null) return null
  const path = ['students', String(position), field]
  const model = await database.model.findUnique({
    where: { teamId_id: { teamId, id } },
    include: {
      student: true,
      artifacts: { where: { format: 'SAFETENSORS' } },
      run: { include: { datasetVersion: true, cohort: { include: { students: true } } } },
    },
  })
  if (!model) throw notFound('model', path)
  if (model.student.architecture !== student.architecture)
    throw new AppError(
      'INVALID_INPUT',
      `The finished model is a ${model.student.architecture}, not a ${student.architecture}. Give the student its architecture.`,
      path,
    )
  const weights = await readWeights(storage, model.artifacts[0]?.sha256)
  if (!weights)
    throw new AppError(
      'NOT_READY',
      'The weights of the finished model are not in the storage. Choose another, or train it again.',
      path,
    )
  await storage.put(Readable.from([weights]))
  return { model, sha256: createHash('sha256').update(weights).digest('hex') }
}

async function readWeights(storage: BlobStorage, sha256: string | undefined): Promise<Buffer | null> {
  if (!sha256 || !(await storage.has(sha256))) return null
  return readZipEntry(await storage.fetchLocal(sha256), WEIGHTS_FILE, MAX_WEIGHT_BYTES)
}
