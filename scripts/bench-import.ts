/**
 * Measures how long a dataset takes to import: the whole way from the archive to packed shards on a disk, in a process of
 * its own. `npm run bench:import -- pictures.zip --json`
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { DiskStorage } from '../storage/disk.ts'
import { packDataset } from '../workers/datasets/pack.ts'

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
  const { report } = await packDataset(file!, new DiskStorage(folder))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const result = {
    pictures: report.pictures,
    seconds: Number(seconds.toFixed(2)),
    picturesPerSecond: Math.round(report.pictures / seconds),
    // The system's own count of the most that the process ever held, in KiB.
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
  }
  if (json) console.log(JSON.stringify(result))
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(18)} ${value}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
