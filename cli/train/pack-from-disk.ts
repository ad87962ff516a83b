import type { BlobStorage } from '../../storage/blob-storage.ts'
import { InvalidDatasetError } from '../../workers/datasets/archives/invalid-dataset-error.ts'
import { type PackOptions, type PackResult, packDataset } from '../../workers/datasets/pack/pack.ts'
import type { TrainOptions } from './read-options.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError if the files are unusable or unreadable; the signal's reason when aborted */
export async function packFromDisk(
  { data, wanted, preparation }: Pick<TrainOptions, 'data'> & Pick<PackOptions, 'wanted' | 'preparation'>,
  storage: BlobStorage,
  onProgress: (seen: number, total: number) => void,
  signal: AbortSignal,
): Promise<PackResult> {
  try {
    return await packDataset(data, storage, { wanted, preparation, signal, onProgress })
  } catch (error) {
    if (error instanceof InvalidDatasetError) throw new UsageError(`${data}: ${error.message}`)
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EISDIR') throw new UsageError(`${data} cannot be read (${code}).`)
    throw error
  }
}
