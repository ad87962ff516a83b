import path from 'node:path'
import { z } from 'zod'
import type { BlobStorage } from './blob-storage.ts'
import { DiskStorage } from './disk.ts'
import { openOwnFolder } from './own-folder.ts'

const GIB = 1024 ** 3

/** The environment variables that locate blob storage: a bucket if one is named, a folder otherwise. */
export const storageEnvironment = {
  STUDYHALL_STORAGE: z.string().optional(),
  STUDYHALL_S3_BUCKET: z.string().optional(),
  STUDYHALL_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  STUDYHALL_S3_REGION: z.string().default('us-east-1'),
  STUDYHALL_S3_CACHE_GIB: z.coerce.number().min(0).default(20),
}

export type StoragePlace =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3'
      bucket: string
      region: string
      endpoint?: string | undefined
      cacheFolder: string
      cacheMaxBytes: number
    }

type StorageEnvironment = z.infer<z.ZodObject<typeof storageEnvironment>>

/** @param home  parent of the cache, and of the storage folder unless the environment names one */
export function storagePlace(environment: StorageEnvironment, home: string): StoragePlace {
  const { STUDYHALL_S3_BUCKET: bucket } = environment
  if (bucket === undefined)
    return { kind: 'disk', folder: path.resolve(environment.STUDYHALL_STORAGE ?? path.join(home, 'storage')) }
  return {
    kind: 's3',
    bucket,
    region: environment.STUDYHALL_S3_REGION,
    endpoint: environment.STUDYHALL_S3_ENDPOINT,
    cacheFolder: path.resolve(home, 'blob-cache'),
    cacheMaxBytes: environment.STUDYHALL_S3_CACHE_GIB * GIB,
  }
}

/** Loads the S3 client only if there is a bucket: it takes 0.2 s. */
export async function openStorage(place: StoragePlace): Promise<BlobStorage> {
  const { kind } = place
  await openOwnFolder(kind === 'disk' ? place.folder : place.cacheFolder)
  if (kind === 'disk') return new DiskStorage(place.folder)
  const { S3Storage } = await import('./s3.ts')
  return new S3Storage(place)
}
