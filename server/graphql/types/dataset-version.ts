import { ImportReport as ImportReportContract } from '../../../contract/import-report.ts'
import { classCountsOf, splitsOf } from '../../../contract/packed/manifest.ts'
import { manifestOf } from '../../blobs/manifest.ts'
import { readOverview } from '../../blobs/overview.ts'
import { readPictures } from '../../blobs/pictures.ts'
import { countIdentities, listGallery } from '../../blobs/retrieval-contents.ts'
import { AppError } from '../../errors.ts'
import type { DatasetVersionResolvers } from '../generated/resolvers.ts'

const MAX_GALLERY = 500

export const DatasetVersion: DatasetVersionResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
  progress: ({ status, picturesSeen, picturesTotal, secondsLeft }) =>
    status === 'IMPORTING' ? { picturesSeen, picturesTotal, secondsLeft } : null,
  height: (version) => manifestOf(version)?.height ?? null,
  width: (version) => manifestOf(version)?.width ?? null,
  channels: (version) => manifestOf(version)?.channels ?? null,
  classes: (version) => manifestOf(version)?.classes ?? [],
  splits(version) {
    const manifest = manifestOf(version)
    if (!manifest) return []
    return splitsOf(manifest).map(([name, split]) => ({
      name,
      count: split.count,
      classCounts: classCountsOf(split),
    }))
  },
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
  async gallery(version, { first }, { services: { storage } }) {
    const count = first ?? 100
    if (count < 0 || count > MAX_GALLERY)
      throw new AppError('INVALID_INPUT', `first is ${count}; it is 0 to ${MAX_GALLERY}.`, ['first'])
    const manifest = manifestOf(version)
    if (version.status !== 'READY' || manifest?.kind !== 'RETRIEVAL') return []
    const pictures = await listGallery(storage, manifest, count)
    return pictures.map((picture) => ({
      ...picture,
      url: `/pictures/${version.id}/gallery/${picture.index}`,
    }))
  },
  report: ({ report }) => (report === null ? null : ImportReportContract.parse(report)),
}
