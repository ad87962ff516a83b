import { ImportReport as ImportReportContract } from '../../contract/import-report.ts'
import type { IdentifiedSplit, PackedSplit } from '../../contract/packed-dataset.ts'
import { manifestOf } from '../datasets/manifest.ts'
import { readOverview } from '../datasets/overview.ts'
import { readPictures } from '../datasets/pictures.ts'
import { countIdentities } from '../files/retrieval-contents.ts'
import type { DatasetVersionResolvers } from './generated/resolvers.ts'

export const DatasetVersion: DatasetVersionResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
  progress: ({ status, picturesSeen, picturesTotal, secondsLeft }) =>
    status === 'IMPORTING' ? { picturesSeen, picturesTotal, secondsLeft } : null,
  height: (version) => manifestOf(version)?.height ?? null,
  width: (version) => manifestOf(version)?.width ?? null,
  channels: (version) => manifestOf(version)?.channels ?? null,
  classes: (version) => manifestOf(version)?.classes ?? [],
  splits: (version) =>
    Object.entries<Split>(manifestOf(version)?.splits ?? {}).map(([name, split]) => ({
      name,
      count: split.count,
      classCounts: 'classCounts' in split ? split.classCounts : [],
    })),
  retrieval(version, _, { services }) {
    const manifest = manifestOf(version)
    return manifest?.kind === 'RETRIEVAL' ? countIdentities(services.storage, manifest) : null
  },
  channelMeans: (version) => manifestOf(version)?.channelMeans ?? [],
  channelDeviations: (version) => manifestOf(version)?.channelDeviations ?? [],
  superclasses: (version) => manifestOf(version)?.superclasses ?? [],
  upload: ({ uploadId }, _, { loaders }) => loaders.upload.load(uploadId),
  parent: ({ parentId }, _, { loaders }) =>
    parentId === null ? null : loaders.datasetVersion.load(parentId),
  runNumbers: ({ id }, _, { loaders }) => loaders.runNumbersOfVersion.load(id),
  async overview({ id, overviewSha256 }, _, { services: { storage } }) {
    if (overviewSha256 === null) return null
    const overview = await readOverview(storage, overviewSha256)
    return overview && { versionId: id, overview }
  },
  pictures: (version, wanted, { services: { storage } }) => readPictures(storage, version, wanted),
  report: ({ report }) => (report === null ? null : ImportReportContract.parse(report)),
}

type Split = PackedSplit | IdentifiedSplit
