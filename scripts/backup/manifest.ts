import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** What a backup holds. Written last: a folder without it is no backup. */
const Manifest = z.strictObject({
  format: z.literal('studyhall-backup-1'),
  takenAt: z.iso.datetime(),
  /** Applied to the database that it was taken of; a restore needs the very same. */
  migrations: z.array(z.string()),
  /** Rows of each table, in `tables-<number>/<table>.jsonl`. */
  tables: z.record(z.string(), z.int().min(0)),
  tablesFolder: z.string().regex(/^tables-\d+$/),
  /** Hashes of the blobs that rows name, in `blobs/`. */
  blobs: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** Named by rows and not in the storage, either. */
  missingBlobs: z.array(z.string()),
})
export type Manifest = z.infer<typeof Manifest>

const fileIn = (folder: string) => path.join(folder, 'backup.json')

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(`${fileIn(folder)}.new`, `${JSON.stringify(manifest, null, 1)}\n`)
  await rename(`${fileIn(folder)}.new`, fileIn(folder))
}

export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => {
    throw new Error(`${folder} holds no whole backup: it has no backup.json.`)
  })
  const parsed = Manifest.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new Error(`${fileIn(folder)} is not of this version: ${parsed.error.issues[0]?.message}.`)
}
