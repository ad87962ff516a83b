import type { DatasetOverview as Overview } from '../../../contract/dataset-overview.ts'
import { ImportReport as StoredReport } from '../../../contract/import-report.ts'
import { classCountsOf, splitsOf } from '../../../contract/packed/manifest.ts'
import { preparationOf } from '../../../contract/packed/preparation.ts'
import { manifestOf } from '../../blobs/manifest.ts'
import { readOverview } from '../../blobs/overview.ts'
import { locatePictures, readPictures } from '../../blobs/pictures.ts'
import { countIdentities, listGallery } from '../../blobs/retrieval-contents.ts'
import { publicUrl } from '../../public-url.ts'
import { picturePath } from '../../use-cases/datasets/picture-path.ts'
import { checkFirst } from '../../use-cases/read-page.ts'
import type {
  DatasetOverviewResolvers,
  DatasetResolvers,
  DatasetVersionResolvers,
  DuplicatesResolvers,
  ImportReportResolvers,
} from '../generated/resolvers.ts'
import type { DuplicatesSource } from '../sources.ts'

const MAX_GALLERY = 500
const MAX_REPORTED_FILES = 1_000
const MAX_GROUPS = 100
/** Limits large groups, for example a thousand black images. */
const MAX_PICTURES_A_GROUP = 24

export const Dataset: DatasetResolvers = {
  versions: ({ id }, _, { loaders }) => loaders.versionsOfDataset.load(id),
  async latestReadyVersion({ id }, _, { loaders }) {
    const versions = await loaders.versionsOfDataset.load(id)
    return versions.find((version) => version.status === 'READY') ?? null
  },
}

export const DatasetVersion: DatasetVersionResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
  progress: ({ status, picturesSeen, picturesTotal, secondsLeft }) =>
    status === 'IMPORTING' ? { picturesSeen, picturesTotal, secondsLeft } : null,
  height: (version) => manifestOf(version)?.height ?? null,
  width: (version) => manifestOf(version)?.width ?? null,
  channels: (version) => manifestOf(version)?.channels ?? null,
  preparation(version) {
    const manifest = manifestOf(version)
    return manifest && preparationOf(manifest)
  },
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
    const overview = overviewSha256 === null ? null : await readOverview(storage, overviewSha256)
    return overview && { versionId: id, overview }
  },
  pictures: (version, wanted, { services: { storage } }) => readPictures(storage, version, wanted),
  async gallery(version, { first }, { services: { storage } }) {
    const count = checkFirst(first ?? 100, MAX_GALLERY)
    const manifest = manifestOf(version)
    if (version.status !== 'READY' || manifest?.kind !== 'RETRIEVAL') return []
    const pictures = await listGallery(storage, manifest, count)
    return pictures.map((picture) => ({
      ...picture,
      url: picturePath(version.id, 'gallery', picture.index),
    }))
  },
  report: ({ report }) => (report === null ? null : StoredReport.parse(report)),
}

export const ImportReport: ImportReportResolvers = {
  leftOut: ({ leftOut }, { first }) => leftOut.slice(0, checkFirst(first ?? 100, MAX_REPORTED_FILES)),
  sizes: ({ sizes }, { first }) => sizes.slice(0, checkFirst(first ?? 100, MAX_REPORTED_FILES)),
  sizeCount: ({ sizes }) => sizes.length,
  ignored: ({ ignored }, { first }) => ignored.slice(0, checkFirst(first ?? 100, MAX_REPORTED_FILES)),
}

export const DatasetOverview: DatasetOverviewResolvers = {
  sheetsUrl: ({ versionId }, _, { services }) =>
    publicUrl(services.config, `/thumbnails/${versionId}/sheets`),
  tilePixels: ({ overview }) => overview.tilePixels,
  meanUrl: ({ versionId }, _, { services }) => publicUrl(services.config, `/thumbnails/${versionId}/mean`),
  exactDuplicates: ({ versionId, overview }) => duplicatesOf(versionId, overview.exact),
  nearDuplicates: ({ versionId, overview }) => duplicatesOf(versionId, overview.near),
  notes: ({ overview }) => overview.notes,
}

export const Duplicates: DuplicatesResolvers = {
  async groups({ versionId, groups }, { first }, { loaders, services: { storage } }) {
    const count = checkFirst(first ?? 20, MAX_GROUPS)
    const version = await loaders.datasetVersion.load(versionId)
    return Promise.all(
      groups
        .slice(0, count)
        .map((group) => locatePictures(storage, version, group.slice(0, MAX_PICTURES_A_GROUP))),
    )
  },
}

function duplicatesOf(versionId: string, found: Overview['exact']): DuplicatesSource {
  return { versionId, ...found }
}
