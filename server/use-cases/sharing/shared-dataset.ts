import type { DatasetKind, DatasetVersion, Prisma } from '../../../prisma/client.ts'
import { manifestOf } from '../../blobs/manifest.ts'

export const WITH_DATASET = { dataset: true } satisfies Prisma.DatasetVersionInclude
export type VersionWithDataset = Prisma.DatasetVersionGetPayload<{ include: typeof WITH_DATASET }>

/** Source of the schema's SharedDataset. */
export interface SharedDataset {
  name: string
  version: number
  kind: DatasetKind
  classes: number
  splits: { name: string; count: number }[]
}

/** How many images there are, and none of them. */
export function sharedDatasetOf(version: VersionWithDataset): SharedDataset {
  const { name, kind } = version.dataset
  const manifest = manifestOf(version satisfies DatasetVersion)
  const splits = Object.entries(manifest?.splits ?? {}).flatMap(([split, content]) =>
    content ? [{ name: split, count: content.count }] : [],
  )
  return { name, version: version.number, kind, classes: manifest?.classes.length ?? 0, splits }
}
