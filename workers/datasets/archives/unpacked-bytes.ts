import { InvalidDatasetError } from './invalid-dataset-error.ts'

const MIB = 1024 * 1024
/** Below this an archive may be as full of zeros as it likes. */
const RATIO_FREE_BYTES = MIB
const MAX_RATIO = 100
const MAX_UNPACKED_BYTES = 2048 * MIB

/**
 * Counts what an archive unpacks to, or claims to.
 * @returns to be told of every further part
 * @throws InvalidDatasetError, from what is returned, once it is more than an archive of this size may hold
 */
export function countUnpacked(packedBytes: number): (bytes: number) => void {
  let unpacked = 0
  return (bytes) => {
    unpacked += bytes
    if (unpacked > MAX_UNPACKED_BYTES)
      throw new InvalidDatasetError(
        `The archive’s files are more than ${MAX_UNPACKED_BYTES / MIB / 1024} GiB when unpacked.`,
      )
    if (unpacked > RATIO_FREE_BYTES && unpacked > MAX_RATIO * packedBytes)
      throw new InvalidDatasetError(
        `The archive would unpack to more than ${MAX_RATIO} times its size; that is not a set of images.`,
      )
  }
}
