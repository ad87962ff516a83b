/**
 * Measures how long a dataset takes to import: the whole way from the archive to packed shards on a disk, in a process of
 * its own; and how long until a training has its first images. `npm run bench:import -- pictures.zip --json`
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { packDataset } from '../../workers/datasets/pack/pack.ts'
import { PackedSplit } from '../../workers/engine/batches/packed-split.ts'
import { locateBlobs } from '../../workers/training/locate-blobs.ts'

const BATCH = 128

const command = new Command('bench:import')
  .argument('<file>', 'zip, tar, tar.gz or folder')
  .option('--json', 'print one JSON line', false)
  .parse()
const [file] = command.args
const { json } = command.opts<{ json: boolean }>()

const folder = await mkdtemp(path.join(tmpdir(), 'bench-import-'))
const started = performance.now()
const cpuBefore = process.cpuUsage()
try {
  const storage = new DiskStorage(folder)
  const { report, manifest } = await packDataset(file!, storage)
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const result = {
    pictures: report.pictures,
    seconds: Number(seconds.toFixed(2)),
    picturesPerSecond: Math.round(report.pictures / seconds),
    // The system's own count of the most that the process ever held, in KiB.
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    firstBatchMs: Number((await measureFirstBatch(manifest, storage)).toFixed(1)),
  }
  if (json) console.log(JSON.stringify(result))
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(18)} ${value}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** From the manifest to a batch of training images in memory, which lie all over the shards as a shuffled epoch's do. */
async function measureFirstBatch(manifest: PackedDataset, storage: BlobStorage): Promise<number> {
  const started = performance.now()
  const { paths } = await locateBlobs(manifest, storage)
  const split = PackedSplit.open(manifest, 'train', paths)
  const indices = Array.from({ length: BATCH }, (_, i) => Math.floor((i * split.count) / BATCH))
  await split.readPictures(indices, new Uint8Array(BATCH * split.pictureSize))
  const elapsedMs = performance.now() - started
  split.close()
  return elapsedMs
}
