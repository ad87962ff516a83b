import { open } from 'node:fs/promises'
import path from 'node:path'
import { pictureBytesOf } from '../../contract/packed/locate.ts'
import { type PackedDataset, splitNamed } from '../../contract/packed/manifest.ts'
import { partsOfSamples } from '../../contract/packed/spread-sample.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { ArrivingShards } from './arriving-shards.ts'
import { locateBlobs } from './locate-blobs.ts'

/**
 * Local files, by hash, of what an export takes of a dataset: its labels, all that are searched, and of the training and
 * test images a sample. Of shards that are not on this machine only the sample's images are fetched: a file in the folder
 * has each where the shard has it, and nothing elsewhere.
 * @returns null where some of them are no longer in the storage
 */
export async function fetchExportImages(
  dataset: PackedDataset,
  storage: BlobStorage,
  folder: string,
): Promise<Record<string, string> | null> {
  const { paths, remote, missing } = await locateBlobs(dataset, storage)
  if (missing.length > 0) return null
  const pictureBytes = pictureBytesOf(dataset)
  for (const name of ['query', 'gallery'] as const)
    for (const { sha256 } of splitNamed(dataset, name)?.shards ?? [])
      if (remote.includes(sha256)) paths[sha256] = await storage.fetchLocal(sha256)
  for (const { sha256, count, offsets } of partsOfSamples(dataset, pictureBytes)) {
    if (paths[sha256] !== undefined) continue
    const file = path.join(folder, `${sha256}.part`)
    const bytes = await readParts(storage, sha256, offsets, pictureBytes)
    await writeParts(file, { byteLength: count * pictureBytes, offsets, bytes })
    paths[sha256] = file
  }
  return paths
}

async function readParts(
  storage: BlobStorage,
  sha256: string,
  offsets: number[],
  length: number,
): Promise<Uint8Array> {
  let found = new Uint8Array()
  await new ArrivingShards(storage, []).answer(
    { type: 'read', id: 0, sha256, offsets, length },
    (answer) => {
      if (answer.type === 'parts') found = answer.bytes
    },
    new AbortController().signal,
  )
  return found
}

/** A file of the shard's length, with holes. */
async function writeParts(
  file: string,
  { byteLength, offsets, bytes }: { byteLength: number; offsets: readonly number[]; bytes: Uint8Array },
): Promise<void> {
  const length = bytes.length / offsets.length
  const handle = await open(file, 'w')
  try {
    await handle.truncate(byteLength)
    for (const [i, offset] of offsets.entries()) await handle.write(bytes, i * length, length, offset)
  } finally {
    await handle.close()
  }
}
