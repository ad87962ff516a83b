import { LabelSuspects, MAX_SUSPECTS } from '../../../contract/label-suspects.ts'
import type { Run } from '../../../prisma/client.ts'
import { ParsedBlobs } from '../../blobs/parsed-blobs.ts'
import type { Services } from '../../services.ts'
import { picturePath } from '../datasets/picture-path.ts'
import { checkFirst } from '../read-page.ts'

interface SuspectPictures {
  examinedCount: number
  wrongCount: number
  pictures: {
    index: number
    class: number
    takenFor: number
    answers: number[]
    losses: number[]
    url: string
  }[]
}

const found = new ParsedBlobs((bytes) => LabelSuspects.parse(JSON.parse(bytes.toString())))

/** The most suspicious training images of a run. @throws AppError INVALID_INPUT */
export async function readLabelSuspects(
  { storage }: Services,
  { labelSuspectsSha256, datasetVersionId }: Run,
  first: number,
): Promise<SuspectPictures | null> {
  checkFirst(first, MAX_SUSPECTS)
  const known = labelSuspectsSha256 && (await found.read(storage, labelSuspectsSha256))
  if (!known) return null
  const { examined, wrongCount, suspects } = known
  return {
    examinedCount: examined,
    wrongCount,
    pictures: suspects.slice(0, first).map(({ index, label, losses, answers, instead }) => ({
      ...{ index, class: label, takenFor: instead, answers, losses },
      url: picturePath(datasetVersionId, 'train', index),
    })),
  }
}
