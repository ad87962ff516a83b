/** `npm run restore -- DIR`: puts a backup into this checkout’s empty database and storage. */
import path from 'node:path'
import { Command } from 'commander'
import { restoreBackup } from './backup/restore-backup.ts'
import { runOnProduct, tellInPlace } from './backup/run-on-product.ts'

async function main(): Promise<void> {
  const [folder = ''] = new Command('npm run restore --')
    .description('puts a backup into this checkout’s empty database and storage')
    .argument('<folder>', 'of the backup')
    .parse().args
  const manifest = await runOnProduct((place) => restoreBackup(place, path.resolve(folder), tellInPlace))
  const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0)
  tellInPlace('')
  console.log(
    `${rows} rows and ${manifest.blobs.length} blobs of ${manifest.takenAt}: restored from ${folder}.`,
  )
  for (const sha256 of manifest.missingBlobs) console.warn(`Named by rows and not in the storage: ${sha256}`)
}

await main().catch((error: Error) => {
  console.error(`\n${error.message}`)
  process.exitCode = 1
})
