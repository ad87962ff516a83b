import type { Logger } from '../logging/open-log.ts'
import type { Database } from '../prisma/client.ts'
import type { BlobStorage } from '../storage/blob-storage.ts'
import type { JobQueues } from '../storage/queue.ts'
import type { DownloadLinks } from './access/download-links.ts'
import type { SharedFileLinks } from './access/shared-file-links.ts'
import type { PartialUploads } from './blobs/partial-uploads.ts'
import type { ServerConfig } from './config.ts'
import type { Outbox } from './mail/outbox.ts'
import type { VapidKey } from './push/vapid-key.ts'
import type { UploadTurns } from './use-cases/uploads/upload-turns.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** What the use cases work with; one of each in a process. */
export interface Services {
  config: ServerConfig
  database: Database
  storage: BlobStorage
  uploads: PartialUploads
  uploadTurns: UploadTurns
  links: DownloadLinks
  sharedFiles: SharedFileLinks
  queues: JobQueues
  outbox: Outbox
  webhooks: Webhooks
  vapidKey: VapidKey
  log: Logger
}
