/** `npm run backup -- DIR`: copies database and blobs of this checkout’s product into a folder, while it runs. */
import path from 'node:path'
import { Command } from 'commander'
import { runOnProduct, tellInPlace } from './backup/run-on-product.ts'
import { takeBackup } from './backup/take-backup.ts'

async function main(): Promise<void> {
  const [folder = ''] = new Command('npm run backup --')
    .description('copies database and blobs of this checkout’s product into a folder, while it runs')
    .argument('<folder>', 'of the backup')
    .parse().args
  const manifest = await runOnProduct((place) => takeBackup(place, path.resolve(folder), tellInPlace))
  const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0)
  tellInPlace('')
  console.log(`${rows} rows and ${manifest.blobs.length} blobs of ${manifest.takenAt}: kept in ${folder}.`)
  for (const sha256 of manifest.missingBlobs) console.warn(`Named by rows and not in the storage: ${sha256}`)
}

await main().catch((error: Error) => {
  console.error(`\n${error.message}`)
  process.exitCode = 1
})
