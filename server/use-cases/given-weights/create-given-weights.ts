import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { MAX_WEIGHTS_FILE_BYTES, NAME_LENGTHS } from '../../../contract/limits.ts'
import { Normalization } from '../../../contract/normalization.ts'
import { GivenWeightsText } from '../../../contract/weights/given-weights.ts'
import type { GivenWeights, Upload } from '../../../prisma/client.ts'
import { inspectWeightsJob } from '../../../storage/jobs/inspect-weights.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { requireRoomToStore } from '../quotas/require-quota.ts'
import { isUniqueViolation } from '../unique.ts'
import { withLockedRow } from '../with-locked-row.ts'

const MOST_A_TEAM = 200

const Input = z.object({
  teamId: z.string(),
  uploadId: z.string(),
  name: nameUpTo(NAME_LENGTHS.givenWeights),
  licence: GivenWeightsText.licence.nullish(),
  origin: GivenWeightsText.origin.nullish(),
  normalization: Normalization.nullish(),
})

/** Registers a finalized weights file, and has a worker inspect it. */
export async function createGivenWeights(
  services: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<GivenWeights> {
  const { database } = services
  await permit({ database, actor }, 'Team', input.teamId, 'MEMBER')
  const { teamId, uploadId, normalization, ...texts } = parseInput(Input, input)
  const made = await withLockedRow(database, 'Team', teamId, async (tx) => {
    const upload = requireWeights(await tx.upload.findUnique({ where: { id: uploadId } }), teamId)
    // Beside the file there will be what students begin with, which is about as large.
    await requireRoomToStore(tx, teamId, Number(upload.byteLength), ['uploadId'])
    const count = await tx.givenWeights.count({ where: { teamId } })
    if (count >= MOST_A_TEAM)
      throw new AppError('LIMIT_EXCEEDED', `The team has ${count} files of weights; delete one first.`)
    const said = normalization ? { normalization } : {}
    return tx.givenWeights.create({
      data: { id: newId('GivenWeights'), teamId, uploadId, ...texts, ...said },
    })
  }).catch((error) => {
    throw isUniqueViolation(error) ? nameTaken(texts.name) : error
  })
  await askForInspection(services, made.id)
  return made
}

export function nameTaken(name: string): AppError {
  return new AppError('CONFLICT', `The team has weights “${name}” already; choose another name.`, ['name'])
}

/** Where the queue is away the file stays PENDING, and the workers' reconciler enqueues it later. */
async function askForInspection({ queues, log }: Services, givenWeightsId: string): Promise<void> {
  await queues.enqueue(inspectWeightsJob, { givenWeightsId }).catch((error) => {
    log.warn({ err: error, givenWeightsId }, 'the look at weights was not enqueued; the reconciler will')
  })
}

function requireWeights(upload: Upload | null, teamId: string): Upload {
  const path = ['uploadId']
  if (upload?.teamId !== teamId) throw notFound('upload', path)
  if (upload.status !== 'FINALIZED')
    throw new AppError(
      'NOT_READY',
      'The upload is not finalized. Send all of its bytes, call finalizeUpload, then this.',
      path,
    )
  if (upload.purpose !== 'WEIGHTS')
    throw new AppError(
      'INVALID_INPUT',
      'The upload was begun for a dataset. Begin it anew: createUpload with the purpose WEIGHTS.',
      path,
    )
  if (upload.byteLength > BigInt(MAX_WEIGHTS_FILE_BYTES))
    throw new AppError('INVALID_INPUT', 'A file of weights has at most 1 GiB.', path)
  return upload
}
