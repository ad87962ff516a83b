import { newId } from '../../contract/ids.ts'
import type { GivenWeightsInspection } from '../../contract/weights/given-weights.ts'
import type { Database } from '../../prisma/client.ts'
import type { Owner } from './rows.ts'

const NO_NAMES = { shown: [], count: 0 }

/** What a worker found in a file with all of a ResNet-8's weights. */
export const WEIGHTS_INSPECTION: GivenWeightsInspection = {
  ...{ form: 'PYTORCH', tensors: 44, classes: null, classCount: null },
  families: [
    {
      ...{ family: 'resnet', sha256: 'c'.repeat(64), byteLength: 320_000, naming: 'PyTorch', notes: [] },
      normalization: { means: [0.5, 0.4, 0.3], deviations: [0.2, 0.2, 0.2] },
      fits: [
        {
          ...{ architecture: 'resnet-8', images: 'UP_TO_64_PIXELS', matched: 40, total: 40 },
          ...{ fresh: NO_NAMES, unused: NO_NAMES },
        },
        {
          ...{
            architecture: 'resnet-8',
            images: 'ABOVE_64_PIXELS',
            matched: 39,
            total: 40,
            unused: NO_NAMES,
          },
          fresh: { shown: [{ name: 'stem/kernel', reason: '3x3x3x16 there, 7x7x3x16 here' }], count: 1 },
        },
      ],
    },
  ],
}

/** Weights of an upload, at which a worker has looked. */
export async function insertWeights(
  database: Database,
  { teamId }: Owner,
  { uploadId }: { uploadId: string },
): Promise<string> {
  const id = newId('GivenWeights')
  const read = { status: 'READY', inspection: WEIGHTS_INSPECTION, inspectedAt: new Date() } as const
  await database.givenWeights.create({ data: { id, teamId, uploadId, name: id, licence: 'CC0', ...read } })
  return id
}
