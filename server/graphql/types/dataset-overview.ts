import type { DatasetOverview as Overview } from '../../../contract/dataset-overview.ts'
import { locatePictures } from '../../blobs/pictures.ts'
import { AppError } from '../../errors.ts'
import type { DatasetOverviewResolvers, DuplicatesResolvers } from '../generated/resolvers.ts'
import type { Mappers } from '../mappers.ts'

const MAX_GROUPS = 100
/** Of one group; a thousand black pictures are one group. */
const MAX_OF_A_GROUP = 24

export const DatasetOverview: DatasetOverviewResolvers = {
  sheetsUrl: ({ versionId }) => `/thumbnails/${versionId}/sheets`,
  tilePixels: ({ overview }) => overview.tilePixels,
  meanUrl: ({ versionId }) => `/thumbnails/${versionId}/mean`,
  exactDuplicates: ({ versionId, overview }) => duplicatesOf(versionId, overview.exact),
  nearDuplicates: ({ versionId, overview }) => duplicatesOf(versionId, overview.near),
  notes: ({ overview }) => overview.notes,
}

export const Duplicates: DuplicatesResolvers = {
  async groups({ versionId, groups }, { first }, { loaders, services: { storage } }) {
    const count = first ?? 20
    if (count < 0 || count > MAX_GROUPS)
      throw new AppError('INVALID_INPUT', `first is ${count}; it is 0 to ${MAX_GROUPS}.`, ['first'])
    const version = await loaders.datasetVersion.load(versionId)
    return Promise.all(
      groups.slice(0, count).map((group) => locatePictures(storage, version, group.slice(0, MAX_OF_A_GROUP))),
    )
  },
}

function duplicatesOf(versionId: string, found: Overview['exact']): Mappers['Duplicates'] {
  return { versionId, ...found }
}
