import { collectBlobs } from './collect-blobs.ts'
import { collectScratch } from './scratch.ts'
import type { WorkerContext } from './worker-context.ts'

const EVERY_MS = 60 * 60 * 1000
/** Longer than it can take from storing a blob to writing the row that references it. */
const GRACE_MS = 24 * 60 * 60 * 1000

type Resources = Pick<WorkerContext, 'database' | 'storage' | 'config' | 'log'>

/**
 * Removes leftovers now and every hour: scratch folders of workers that are gone, unfinished writes to the
 * storage, and blobs that no row references.
 * @returns a function that stops it
 */
export function startCollectingLeftovers(resources: Resources): () => void {
  const collect = () =>
    collectLeftovers(resources).catch((error) =>
      resources.log.warn({ err: error }, 'leftovers were not collected'),
    )
  void collect()
  const timer = setInterval(() => void collect(), EVERY_MS)
  return () => clearInterval(timer)
}

async function collectLeftovers({ database, storage, config, log }: Resources): Promise<void> {
  const scratchFolders = await collectScratch(config.scratchFolder)
  const unfinishedWrites = await storage.removeUnfinished(GRACE_MS)
  // Two workers may do this at the same time: removing a blob that is already gone is no error.
  const blobs = await collectBlobs(database, storage, GRACE_MS)
  if (scratchFolders + unfinishedWrites + blobs > 0)
    log.info({ scratchFolders, unfinishedWrites, blobs }, 'removed leftovers')
}
