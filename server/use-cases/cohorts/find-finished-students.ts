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

/**
 * Resolves the finished models that the cohort's students refer to, by position.
 * @throws AppError if a model belongs to another team, has another architecture, or its weights are gone
 */
export async function findFinishedStudents(
  database: Database,
  storage: BlobStorage,
  teamId: string,
  students: readonly { architecture: string; finishedModelId?: string | null }[],
): Promise<Map<number, FinishedStudent>> {
  const found = new Map<number, FinishedStudent>()
  for (const [position, { architecture, finishedModelId: id }] of students.entries()) {
    if (id == null) continue
    const path = ['students', String(position), 'finishedModelId']
    const model = await database.model.findUnique({
      where: { teamId_id: { teamId, id } },
      include: { student: true, artifacts: { where: { format: 'SAFETENSORS' } } },
    })
    if (!model) throw notFound('model', path)
    if (model.student.architecture !== architecture)
      throw new AppError(
        'INVALID_INPUT',
        `The finished model is a ${model.student.architecture}, not a ${architecture}. Give the student its architecture.`,
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
    found.set(position, {
      finishedModelId: id,
      weightsSha256: createHash('sha256').update(weights).digest('hex'),
    })
  }
  return found
}

async function readWeights(storage: BlobStorage, sha256: string | undefined): Promise<Buffer | null> {
  if (!sha256 || !(await storage.has(sha256))) return null
  return readZipEntry(await storage.fetchLocal(sha256), WEIGHTS_FILE, MAX_WEIGHT_BYTES)
}
