import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'
import { DEVICE_CODE_SECONDS } from './device-codes.ts'

/** Deletes codes that are over, with addresses and programs' names, now and every ten minutes. @returns what ends it */
export function pruneDeviceRequests({ database, log }: Pick<Services, 'database' | 'log'>): () => void {
  return repeatQuietly(
    DEVICE_CODE_SECONDS * 1000,
    () => pruneExpired(database),
    (error) => log.warn({ err: error }, 'pruning the codes of programs failed'),
  )
}

export async function pruneExpired({ deviceRequest }: Services['database']): Promise<void> {
  await deviceRequest.deleteMany({ where: { expiresAt: { lt: new Date() } } })
}
