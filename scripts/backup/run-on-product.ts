import { z } from 'zod'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { openStorage, storageEnvironment, storagePlace } from '../../storage/open-storage.ts'
import { databaseUrl } from '../setup/postgres/database-url.mjs'
import { home } from '../setup/settings.mjs'
import { holdDatabase } from '../start/hold-database.ts'
import type { Place } from './take-backup.ts'

/** Does it with this checkout's database, started where it does not run, and its storage. */
export async function runOnProduct<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const database = holdDatabase()
  try {
    await database.ready
    const present = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
    const storage: BlobStorage = await openStorage(
      storagePlace(z.object(storageEnvironment).parse(present), home),
    )
    return await work({ databaseUrl: databaseUrl(), storage })
  } finally {
    await database.release()
  }
}

/** One line, rewritten in place on a terminal. */
export function tellInPlace(message: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K  ${message}`)
}
