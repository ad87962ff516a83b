import path from 'node:path'
import type { StoragePlace } from '../../storage/open-storage.ts'
import { openOwnFolder } from '../../storage/own-folder.ts'
import { DiskUploads } from './disk-uploads.ts'
import type { PartialUploads } from './partial-uploads.ts'

/** Loads the S3 client only if there is a bucket. */
export async function openPartialUploads(place: StoragePlace): Promise<PartialUploads> {
  if (place.kind === 's3') {
    const { BucketUploads } = await import('./bucket-uploads.ts')
    return new BucketUploads(place)
  }
  const folder = path.join(place.folder, 'uploads')
  await openOwnFolder(folder)
  return new DiskUploads(folder)
}
