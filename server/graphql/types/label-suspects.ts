import { LabelSuspects, MAX_SUSPECTS } from '../../../contract/label-suspects.ts'
import type { Run } from '../../../prisma/client.ts'
import { BlobCache } from '../../blobs/parsed-blobs.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import type { LabelSuspects as LabelSuspectsNode } from '../generated/resolvers.ts'

const found = new BlobCache((bytes) => LabelSuspects.parse(JSON.parse(bytes.toString())))

/** The most suspicious training pictures of a run. @throws AppError INVALID_INPUT */
export async function readLabelSuspects(
  { storage }: Services,
  { labelSuspectsSha256, datasetVersionId }: Run,
  first: number,
): Promise<LabelSuspectsNode | null> {
  if (first < 0 || first > MAX_SUSPECTS)
    throw new AppError('INVALID_INPUT', `first is ${first}; it is 0 to ${MAX_SUSPECTS}.`, ['first'])
  const known = labelSuspectsSha256 && (await found.read(storage, labelSuspectsSha256))
  if (!known) return null
  const { examined, wrongCount, suspects } = known
  return {
    examinedCount: examined,
    wrongCount,
    pictures: suspects.slice(0, first).map(({ index, label, losses, answers, instead }) => ({
      ...{ index, class: label, takenFor: instead, answers, losses },
      url: `/pictures/${datasetVersionId}/train/${index}`,
    })),
  }
}
