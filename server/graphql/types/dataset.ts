import type { DatasetResolvers } from '../generated/resolvers.ts'

export const Dataset: DatasetResolvers = {
  versions: ({ id }, _, { loaders }) => loaders.versionsOfDataset.load(id),
  async latestReadyVersion({ id }, _, { loaders }) {
    const versions = await loaders.versionsOfDataset.load(id)
    return versions.find((version) => version.status === 'READY') ?? null
  },
}
