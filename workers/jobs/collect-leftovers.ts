import { collectBlobs } from './collect-blobs.ts'
import { collectScratch } from './scratch.ts'
import type { WorkerContext } from './worker-context.ts'

const EVERY_MS = 60 * 60 * 1000
/** Longer than anything takes from keeping a blob to writing the row that names it. */
const GRACE_MS = 24 * 60 * 60 * 1000

type Place = Pick<WorkerContext, 'database' | 'storage' | 'config' | 'log'>

/**
 * Removes what nobody needs any more, at once and every hour: scratch folders of workers that are gone, writes to the
 * storage that were never finished, blobs that no row names. @returns what ends it
 */
export function keepCollectingLeftovers(place: Place): () => void {
  const collect = () =>
    collectLeftovers(place).catch((error) => place.log.warn({ err: error }, 'leftovers were not collected'))
  void collect()
  const timer = setInterval(() => void collect(), EVERY_MS)
  return () => clearInterval(timer)
}

async function collectLeftovers({ database, storage, config, log }: Place): Promise<void> {
  const scratchFolders = await collectScratch(config.scratchFolder)
  const unfinishedWrites = await storage.removeUnfinished(GRACE_MS)
  // Two workers may do it at a time: a blob that is gone already is no error.
  const blobs = await collectBlobs(database, storage, GRACE_MS)
  if (scratchFolders + unfinishedWrites + blobs > 0)
    log.info({ scratchFolders, unfinishedWrites, blobs }, 'removed leftovers')
}
