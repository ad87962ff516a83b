import { PackedDataset } from '../../contract/packed/manifest.ts'
import type { DatasetVersion as DatasetVersionRow } from '../../prisma/client.ts'

const parsed = new WeakMap<DatasetVersionRow, PackedDataset>()

/** The row's manifest, parsed once however many fields ask. */
export function manifestOf(version: DatasetVersionRow): PackedDataset | null {
  if (version.manifest === null) return null
  const manifest = parsed.get(version) ?? PackedDataset.parse(version.manifest)
  parsed.set(version, manifest)
  return manifest
}
