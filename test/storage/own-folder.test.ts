import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPartialUploads } from '../../server/blobs/open-partial-uploads.ts'
import { openStorage } from '../../storage/open-storage.ts'

let folder: string
let umask: number
beforeEach(async () => {
  // As lax as it can be: what is kept must not depend on it.
  umask = process.umask(0)
  folder = await mkdtemp(path.join(tmpdir(), 'studyhall-own-'))
})
afterEach(async () => {
  process.umask(umask)
  await rm(folder, { recursive: true, force: true })
})

const modeOf = async (file: string) => (await stat(file)).mode & 0o777

describe('what is kept is nobody else’s to read', () => {
  it('blobs, and the folders that they are in', async () => {
    const place = path.join(folder, 'storage')
    const storage = await openStorage({ kind: 'disk', folder: place })
    await storage.put(Readable.from([randomBytes(100)]))
    const entries = await readdir(place, { recursive: true, withFileTypes: true })
    expect(entries.some((entry) => entry.isFile())).toBe(true)
    for (const entry of entries)
      expect([entry.name, await modeOf(path.join(entry.parentPath, entry.name))]).toEqual([
        entry.name,
        entry.isFile() ? 0o600 : 0o700,
      ])
  })

  it('a folder that an earlier version left open to all', async () => {
    const place = path.join(folder, 'storage')
    await mkdir(place, { recursive: true })
    await chmod(place, 0o755)
    await openStorage({ kind: 'disk', folder: place })
    await openPartialUploads({ kind: 'disk', folder: place })
    expect(await modeOf(place)).toBe(0o700)
  })
})
