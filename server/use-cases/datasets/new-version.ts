import { z } from 'zod'
import { FORMAT_NAMES } from '../../../contract/dataset-formats.ts'
import { newId } from '../../../contract/ids.ts'
import { IMAGE_PIXELS } from '../../../contract/limits.ts'
import { FITS } from '../../../contract/packed/preparation.ts'
import { UploadInspection } from '../../../contract/upload-inspection.ts'
import type { DatasetVersion, Transaction, Upload } from '../../../prisma/client.ts'
import { AppError, notFound } from '../../errors.ts'

const Pixels = z
  .int()
  .min(IMAGE_PIXELS.min, `at least ${IMAGE_PIXELS.min} pixels`)
  .max(IMAGE_PIXELS.max, `at most ${IMAGE_PIXELS.max} pixels`)
  .nullish()

/** How an upload is to be read. */
export const WISHES = {
  uploadId: z.string(),
  format: z.enum(FORMAT_NAMES, { error: `one of ${FORMAT_NAMES.join(', ')}` }).nullish(),
  height: Pixels,
  width: Pixels,
  channels: z.union([z.literal(1), z.literal(3)], { error: '1 for grey or 3 for colour' }).nullish(),
  fit: z.enum(FITS, { error: `one of ${FITS.join(', ')}` }).nullish(),
  background: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'a colour is written #rrggbb')
    .transform((colour) => colour.toLowerCase())
    .nullish(),
}

/** As a mutation receives them. */
export interface Wishes {
  uploadId: string
  format?: string | null
  height?: number | null
  width?: number | null
  channels?: number | null
  fit?: string | null
  background?: string | null
}

/** As a version keeps them, for its import. */
export function wishesOfVersion({
  uploadId,
  format,
  height,
  width,
  channels,
  fit,
  background,
}: z.output<z.ZodObject<typeof WISHES>>) {
  return {
    uploadId,
    format,
    wantedHeight: height,
    wantedWidth: width,
    wantedChannels: channels,
    wantedFit: fit,
    wantedBackground: background,
  }
}

/** Of a `refine` that both mutations have. */
export function hasWholeSize(input: {
  height?: number | null | undefined
  width?: number | null | undefined
}) {
  return (input.height == null) === (input.width == null)
}
export const WHOLE_SIZE = {
  path: ['height'],
  error: 'height and width go together: give both, or neither',
}

/**
 * An upload that was inspected and refused is imported only as a format that somebody names, which may read it.
 * @throws AppError NOT_FOUND, the same for another team's, NOT_READY, or INVALID_INPUT with why it was refused
 */
export function requireImportable(
  upload: Upload | null,
  { teamId, format }: { teamId: string; format?: string | null | undefined },
): void {
  if (upload?.teamId !== teamId) throw notFound('upload', ['uploadId'])
  if (upload.status !== 'FINALIZED')
    throw new AppError(
      'NOT_READY',
      'The upload is not finalized. Send all of its bytes, call finalizeUpload, then this.',
      ['uploadId'],
    )
  if (upload.purpose !== 'DATASET')
    throw new AppError('INVALID_INPUT', 'The upload is of weights: createGivenWeights takes it up.', [
      'uploadId',
    ])
  const inspection = upload.inspection === null ? undefined : UploadInspection.parse(upload.inspection)
  if (inspection?.outcome === 'REFUSED' && !format)
    throw new AppError('INVALID_INPUT', `It cannot be imported as is: ${inspection.reason}`, ['uploadId'])
}

type NewVersion = Omit<Parameters<Transaction['datasetVersion']['create']>[0]['data'], 'id' | 'number'> & {
  datasetId: string
}

/** Inserts the next version of a dataset; versions are numbered one after the other, however many ask at once. */
export async function insertNextVersion(tx: Transaction, data: NewVersion): Promise<DatasetVersion> {
  await tx.$queryRaw`SELECT id FROM "Dataset" WHERE id = ${data.datasetId} FOR UPDATE`
  const newest = await tx.datasetVersion.findFirst({
    where: { datasetId: data.datasetId },
    orderBy: { number: 'desc' },
  })
  const row = { ...data, id: newId('DatasetVersion'), number: (newest?.number ?? 0) + 1 }
  return tx.datasetVersion.create({
    data: row as Parameters<Transaction['datasetVersion']['create']>[0]['data'],
  })
}
