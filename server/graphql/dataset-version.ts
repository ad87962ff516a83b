import { ImportReport as ImportReportContract } from '../../contract/import-report.ts'
import { type IdentifiedSplit, PackedDataset, type PackedSplit } from '../../contract/packed-dataset.ts'
import type { DatasetVersion as DatasetVersionRow } from '../../prisma/client.ts'
import type { DatasetVersionResolvers } from './generated/resolvers.ts'

export const DatasetVersion: DatasetVersionResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
  progress: ({ status, picturesSeen, picturesTotal }) =>
    status === 'IMPORTING' ? { picturesSeen, picturesTotal } : null,
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
  channelMeans: (version) => manifestOf(version)?.channelMeans ?? [],
  channelDeviations: (version) => manifestOf(version)?.channelDeviations ?? [],
  report: ({ report }) => (report === null ? null : ImportReportContract.parse(report)),
}

type Split = PackedSplit | IdentifiedSplit

const parsed = new WeakMap<DatasetVersionRow, PackedDataset>()

/** The row's manifest, parsed once however many fields ask. */
function manifestOf(version: DatasetVersionRow): PackedDataset | null {
  if (version.manifest === null) return null
  const manifest = parsed.get(version) ?? PackedDataset.parse(version.manifest)
  parsed.set(version, manifest)
  return manifest
}
