import { Normalization } from '../../../contract/normalization.ts'
import { GivenWeightsInspection } from '../../../contract/weights/given-weights.ts'
import type { GivenWeights as Row } from '../../../prisma/client.ts'
import { readCohortsOfWeights } from '../../use-cases/given-weights/read-given-weights.ts'
import type { GivenWeightsResolvers } from '../generated/resolvers.ts'

export const GivenWeights: GivenWeightsResolvers = {
  fileName: async ({ uploadId }, _, { loaders }) => (await loaders.upload.load(uploadId)).fileName,
  byteLength: async ({ uploadId }, _, { loaders }) => (await loaders.upload.load(uploadId)).byteLength,
  sha256: async ({ uploadId }, _, { loaders }) => (await loaders.upload.load(uploadId)).sha256 ?? '',
  async createdBy({ uploadId }, _, { loaders }) {
    const { createdById } = await loaders.upload.load(uploadId)
    return loaders.user.load(createdById)
  },
  fileKind: (row) => inspectionOf(row)?.form ?? null,
  tensorCount: (row) => inspectionOf(row)?.tensors ?? null,
  classes: (row) => inspectionOf(row)?.classes ?? [],
  classCount: (row) => inspectionOf(row)?.classCount ?? null,
  fits: (row) => fitsOf(row),
  cohorts: (row, { first }, { services }) => readCohortsOfWeights(services.database, row, first ?? 50),
}

function inspectionOf({ inspection }: Row): GivenWeightsInspection | null {
  return inspection === null ? null : GivenWeightsInspection.parse(inspection)
}

function fitsOf(row: Row) {
  const said = row.normalization === null ? null : Normalization.parse(row.normalization)
  return (inspectionOf(row)?.families ?? []).flatMap(({ naming, normalization, notes, fits }) => {
    const { means, deviations } = said ?? normalization ?? { means: [], deviations: [] }
    const seen = { channelMeans: means, channelDeviations: deviations }
    return fits.map(({ architecture, images, matched, total, fresh, unused }) => ({
      ...{ architecture, images, matched, total, naming, notes, ...seen },
      ...{ new: fresh.shown, newCount: fresh.count, unused: unused.shown, unusedCount: unused.count },
    }))
  })
}
